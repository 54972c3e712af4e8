import Wire

/// An item returned by a search, with its score.
package struct ItemCandidate: Sendable, Equatable {
    package let itemID: String
    /// Larger is nearer.
    package let score: Float

    package init(itemID: String, score: Float) {
        self.itemID = itemID
        self.score = score
    }
}

/// What one search request came to; all of it from one generation.
package struct SearchAnswer: Sendable, Equatable {
    package let generation: Int
    package let embeddingVersion: Int
    /// For each query its candidates, best first.
    package let candidates: [[ItemCandidate]]
    /// For each query whether it was known; false only for items of no embedding.
    package let found: [Bool]
    /// For each item asked for whether it is known; empty for a search by vectors.
    ///
    /// Of several items a recommendation makes one query.
    package let known: [Bool]
    /// Whether the time ran out before every query was searched as thoroughly as asked for.
    package let isPartial: Bool
    /// The effort that was made, in the index's own unit.
    package let effort: Int
    /// The recall that was measured with this effort, where it was.
    package let expectedRecall: Double?
}

extension SearchAnswer {
    /// The answer that a message carries.
    ///
    /// - Throws: ``RetrievalClientError`` of code `internal` where the message contradicts itself.
    init(_ response: SearchResponse) throws(RetrievalClientError) {
        let (ids, scores) = (response.itemIds, response.scoresF32Le.floats)
        let counts = response.counts.map(Int.init)
        guard let scores, ids.count == scores.count, counts.reduce(0, +) == ids.count,
            response.found.isEmpty || response.found.count == counts.count || counts.count == 1,
            let generation = Int(exactly: response.generation),
            let embeddingVersion = Int(exactly: response.embeddingVersion)
        else {
            throw RetrievalClientError(
                .internal,
                "the server's answer contradicts itself: \(response.counts) candidates, "
                    + "\(ids.count) ids, \(response.scoresF32Le.count) bytes of scores"
            )
        }
        var rest = 0..<0
        self.generation = generation
        self.embeddingVersion = embeddingVersion
        candidates = counts.map { count in
            rest = rest.upperBound..<rest.upperBound + count
            return rest.map { ItemCandidate(itemID: ids[$0], score: scores[$0]) }
        }
        let known = response.found
        self.known = known
        found =
            known.count == counts.count
            ? known : counts.map { _ in known.isEmpty || known.contains(true) }
        isPartial = response.partial
        effort = Int(response.effort)
        expectedRecall = response.expectedRecall > 0 ? response.expectedRecall : nil
    }
}
