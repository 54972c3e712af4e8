package import Vectors

/// The ranks of test pairs, summed up as they come.
///
/// ```swift
/// var tally = PairTally()
/// tally.count(rank: 3)
/// tally.count(rank: nil)  // its item was not found at all
/// tally.report.hitRate[10]  // 0.5
/// ```
package struct PairTally: Sendable {
    private let cut: Int?
    private var pairs = 0
    private var hits = [Int](repeating: 0, count: PairReport.depths.count)
    private var hundreds = 0.0
    private var reciprocals = 0.0

    /// A tally of ranks that are known up to `cut`, by default of all.
    package init(cut: Int? = nil) {
        self.cut = cut
    }

    /// Adds a pair whose item has rank `rank`, 1 for the best; nil where it has none, which is a
    /// miss at every depth.
    package mutating func count(rank: Double?) {
        count(ranks: PairReport.depths.map { _ in rank })
    }

    /// Adds a pair that was asked for once at each depth: `ranks` are those of its item in the
    /// answers.
    package mutating func count(ranks: [Double?]) {
        pairs += 1
        for (index, depth) in PairReport.depths.enumerated() {
            if let rank = ranks[index], rank <= Double(depth) {
                hits[index] += 1
            }
        }
        guard let rank = ranks[ranks.count - 1], rank <= Double(cut ?? .max) else { return }
        hundreds += 1 / (rank / 100).rounded(.up)
        reciprocals += 1 / rank
    }

    /// What has been counted so far.
    package var report: PairReport {
        let total = Double(max(1, pairs))
        return PairReport(
            pairs: pairs,
            hitRate: Dictionary(
                uniqueKeysWithValues: zip(PairReport.depths, hits.map { Double($0) / total })
            ),
            mrr100: hundreds / total,
            mrr: reciprocals / total,
            cut: cut
        )
    }
}

/// The rank of `item` in an answer to `query`, or nil where the answer does not hold it.
///
/// Like an exact rank it counts the better candidates, with ties by half and without `query`, so
/// the order of the candidates does not matter.
package func rank(of item: Int, in answer: [Candidate], to query: Int) -> Double? {
    guard item != query, let score = answer.first(where: { $0.row == item })?.score else {
        return nil
    }
    var points = 0
    for candidate in answer where candidate.row != query {
        points += (candidate.score <= score ? 0 : 1) + (candidate.score < score ? 0 : 1)
    }
    return middleRank(points: points)
}

/// The rank in the middle of a run of ties: every better candidate gives two points, every equally
/// good one gives one, the ranked one among them.
func middleRank(points: Int) -> Double {
    Double(points + 1) / 2
}
