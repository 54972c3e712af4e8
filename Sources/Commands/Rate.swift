import Foundation

/// How often in a second something was done, over repeated measurements.
package struct Rate: Encodable, Sendable, Equatable {
    package let median: Double
    package let least: Double
    package let most: Double

    /// The rate of one sample or more; the median of an even number is the mean of the middle two.
    init(_ samples: [Double]) {
        precondition(!samples.isEmpty, "a rate is measured at least once")
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        median =
            sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        (least, most) = (sorted[0], sorted[sorted.count - 1])
    }
}

/// The seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    // A clock may not tell such short times; a rate needs one above zero.
    return max((ContinuousClock.now - start) / .seconds(1), 1e-9)
}
