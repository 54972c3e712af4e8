import Indexes
import Vectors

extension Searcher {
    /// The candidates nearest to `query` by comparison with every vector, best first; nil where
    /// `isOver` said so before that was known.
    func exact(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        scratch: inout SearchScratch,
        isOver: () -> Bool
    ) throws(RetrievalError) -> [Candidate]? {
        try check(query, terms, nil)
        let (k, filter) = (min(terms.k, vectors.count), terms.filter)
        let isComplete: Bool
        switch vectors.metric {
        case .cosine:
            let direction = scratch.direction(of: query)
            isComplete = vectors.findNearest(
                direction.span,
                k: k,
                filter: filter,
                scratch: &scratch,
                isOver: isOver
            )
        case .innerProduct, .l2:
            isComplete = vectors.findNearest(
                query,
                k: k,
                filter: filter,
                scratch: &scratch,
                isOver: isOver
            )
        }
        guard isComplete else { return nil }
        var best: [Candidate] = []
        scratch.best.moveSorted(to: &best)
        return best
    }
}
