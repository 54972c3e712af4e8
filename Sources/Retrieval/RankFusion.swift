package import Vectors

/// Several lists of candidates made one, by weighted reciprocal rank fusion.
///
/// It is that of Cormack, Clarke and Büttcher (SIGIR 2009), with weights: a candidate scores the sum
/// of weight / (60 + rank) over the lists that have it, ranks counting from 1. Ranks compare where
/// scores of different queries do not; what is far up in one list comes before what is far down in
/// several.
package struct RankFusion: Sendable {
    /// What keeps the first few ranks from counting for everything; the paper's constant.
    private static let constant: Float = 60

    private var scores: [Int: Float] = [:]

    package init() {}

    /// Adds a list, best first.
    package mutating func add(_ candidates: [Candidate], weight: Float) {
        for (place, candidate) in candidates.enumerated() {
            scores[candidate.row, default: 0] += weight / (Self.constant + Float(place + 1))
        }
    }

    /// The best `k` of all, best first; of equal ones that of the lower row.
    package func best(_ k: Int) -> [Candidate] {
        scores.map { Candidate(row: $0.key, score: $0.value) }
            .sorted { $0.precedes($1) }
            .prefix(k).map { $0 }
    }
}
