/// An item returned by a search: the row of its vector, and its score.
package struct Candidate: Sendable, Equatable {
    package var row: Int
    /// Larger is nearer (see ``Metric``).
    package var score: Float

    package init(row: Int, score: Float) {
        self.row = row
        self.score = score
    }

    /// Whether this candidate comes before `other`: by score, and by row where scores are equal,
    /// so that an answer never depends on the order of insertion.
    package func precedes(_ other: Candidate) -> Bool {
        score > other.score || (score == other.score && row < other.row)
    }
}
