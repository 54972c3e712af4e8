package import Wire

/// What a load came to.
package struct LoadResult: Sendable {
    /// Microseconds of every call, ascending.
    package let times: [Double]
    /// Calls that the server answered with an error.
    package let failures: Int
    package let firstFailure: CallError?
    /// From the start to the last answer.
    package let seconds: Double

    init(_ tallies: [LoadTally], start: UInt64) {
        times = tallies.flatMap(\.times).sorted().map { Double($0) / 1e3 }
        failures = tallies.reduce(0) { $0 + $1.failures }
        firstFailure = tallies.lazy.compactMap(\.firstFailure).first
        let end = tallies.map(\.end).max() ?? start
        seconds = Double(end - start) / 1e9
    }

    package var callsPerSecond: Double { Double(times.count) / seconds }

    package var mean: Double { times.reduce(0, +) / Double(times.count) }

    /// The time, in microseconds, that this share of the calls did not exceed.
    package func percentile(_ share: Double) -> Double {
        times[max(0, min(times.count - 1, Int((share * Double(times.count)).rounded(.up)) - 1))]
    }
}
