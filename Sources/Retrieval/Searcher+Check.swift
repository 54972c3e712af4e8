import Indexes
import Vectors

extension Searcher {
    /// - Throws: ``RetrievalError`` with code `invalid` where the query, `k` or the setting cannot
    ///   be right.
    func check(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ setting: SearchSetting?
    ) throws(RetrievalError) {
        if let setting, setting.kind != kind || !setting.isPossible {
            throw RetrievalError(
                .invalid,
                "the search setting \(setting) does not fit an index of kind \(kind.rawValue)"
            )
        }
        guard (1...Self.maximumK).contains(terms.k) else {
            throw RetrievalError(.invalid, "k must be 1 to \(Self.maximumK), not \(terms.k)")
        }
        guard query.count == vectors.dimension else {
            throw RetrievalError(
                .invalid,
                "the query has \(query.count) dimensions, the generation \(vectors.dimension)"
            )
        }
        // Finite only if every component is; and then no score of the query can be NaN, because
        // of Cauchy and Schwarz.
        let squares = innerProduct(query, query)
        guard squares.isFinite else {
            throw RetrievalError(
                .invalid,
                "the query's length is not finite; a component is NaN, infinite or too large"
            )
        }
        guard vectors.metric != .cosine || squares > 0 else {
            throw RetrievalError(.invalid, "a query of zeros has no direction, so no cosine")
        }
    }
}
