/// How well items find the items that belong with them (the paper's section 4.1).
///
/// The shares lie in 0...1. A report on no pairs holds zeros.
package struct PairReport: Codable, Sendable, Equatable {
    /// The ranks K at which the hit-rate is told, ascending.
    package static let depths = [10, 50, 500]

    /// How many pairs were measured.
    package let pairs: Int
    /// By K: the share of pairs whose item is among the K best for its query.
    package let hitRate: [Int: Double]
    /// The mean of 1 / ceil(R / 100), with R the rank of a pair's item: the paper's scaling.
    package let mrr100: Double
    /// The mean of 1 / R, unscaled.
    package let mrr: Double
    /// The last rank that was looked at, where answers were cut there; nil where all are known.
    ///
    /// Beyond it a pair adds nothing to the two means: compare them at the same cut only.
    package let cut: Int?

    private enum CodingKeys: String, CodingKey {
        case pairs, mrr100, mrr, cut
        case hitRate = "hit_rate"
    }

    package init(
        pairs: Int,
        hitRate: [Int: Double],
        mrr100: Double,
        mrr: Double,
        cut: Int? = nil
    ) {
        self.pairs = pairs
        self.hitRate = hitRate
        self.mrr100 = mrr100
        self.mrr = mrr
        self.cut = cut
    }
}
