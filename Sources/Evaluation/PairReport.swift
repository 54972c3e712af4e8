/// How well items find the items that belong with them (the paper's section 4.1).
///
/// The shares lie in 0...1. A report on no pairs holds zeros.
package struct PairReport: Codable, Sendable, Equatable {
    /// The ranks K at which the hit-rate is told.
    package static let depths = [10, 50, 500]

    /// How many pairs were measured.
    package let pairs: Int
    /// By K: the share of pairs whose item is among the K best for its query.
    package let hitRate: [Int: Double]
    /// The mean of 1 / ceil(R / 100), with R the rank of a pair's item: the paper's scaling.
    package let mrr100: Double
    /// The mean of 1 / R, unscaled.
    package let mrr: Double

    private enum CodingKeys: String, CodingKey {
        case pairs, mrr100, mrr
        case hitRate = "hit_rate"
    }

    package init(pairs: Int, hitRate: [Int: Double], mrr100: Double, mrr: Double) {
        self.pairs = pairs
        self.hitRate = hitRate
        self.mrr100 = mrr100
        self.mrr = mrr
    }
}
