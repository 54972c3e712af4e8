import Histogram
import Wire

extension MetricsText {
    /// The upper ends of the buckets of times, in nanoseconds: from 10 us to 10 s.
    private static let bounds: [UInt64] =
        (4...9).flatMap { power in
            let unit = (0..<power).reduce(UInt64(1)) { value, _ in value * 10 }
            return [unit, unit * 5 / 2, unit * 5]
        } + [10_000_000_000]

    /// Adds how each method has been answered, those that nobody has called with zeros.
    mutating func add(_ calls: CallSummary) {
        add(
            "corkboard_calls_total",
            .counter,
            "Calls that were answered, or cancelled, by method and status.",
            Method.allCases.flatMap { method in
                Self.samples(method.name) { calls[method].count(of: $0) }
            }
        )
        add(
            "corkboard_requests_refused_total",
            .counter,
            "Requests that were refused before their method was looked at, by status.",
            StatusCode.allCases.filter { $0 != .ok }.map { code in
                Sample(labels: [("status", code.name)], value: Double(calls.refused(code)))
            }
        )
        add(
            "corkboard_call_seconds",
            .histogram,
            "From the arrival of a request's last byte to the writing of its answer.",
            Method.allCases.flatMap { Self.times(calls[$0], of: $0) }
        )
    }

    private static func samples(_ method: String, _ count: (StatusCode) -> UInt64) -> [Sample] {
        StatusCode.allCases.filter { $0 == .ok || count($0) > 0 }.map { code in
            Sample(
                labels: [("method", method), ("status", code.name)],
                value: Double(count(code))
            )
        }
    }

    private static func times(_ entry: CallSummary.Entry, of method: Method) -> [Sample] {
        let name = ("method", method.name)
        let counts = entry.cumulativeCounts(to: bounds)
        let buckets = zip(bounds, counts).map { bound, count in
            Sample(
                suffix: "_bucket",
                labels: [name, ("le", "\(Double(bound) / 1e9)")],
                value: Double(count)
            )
        }
        return buckets + [
            Sample(suffix: "_bucket", labels: [name, ("le", "+Inf")], value: Double(entry.calls)),
            Sample(suffix: "_sum", labels: [name], value: Double(entry.total) / 1e9),
            Sample(suffix: "_count", labels: [name], value: Double(entry.calls)),
        ]
    }
}

extension CallSummary.Entry {
    /// How many calls took no longer than each of `bounds`, which ascend; those that took as long
    /// as one, to a hundredth, may count on either side.
    func cumulativeCounts(to bounds: [UInt64]) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: bounds.count)
        var place = 0
        for step in times.recordedValues() {
            while place < bounds.count, step.value > bounds[place] {
                place += 1
            }
            guard place < bounds.count else { break }
            counts[place] += step.count
        }
        for place in counts.indices.dropFirst() {
            counts[place] += counts[place - 1]
        }
        return counts
    }
}
