import Indexes
import Vectors

extension Searcher {
    /// Walks over links between rows; compares all vectors where that is asked for, or where the
    /// walk comes to too few rows that may be returned.
    func search(
        _ links: LinkedRows,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ breadth: Int
    ) -> SearchResult {
        guard breadth < vectors.count else { return exact(query, terms) }
        var scratch = pool.take()
        defer { pool.give(scratch) }
        // One more, for the excluded row may be among the first.
        let room = terms.filter.excluded == nil ? 0 : 1
        let isComplete = links.search(
            query,
            LinkSearch(breadth: breadth, wanted: wanted + room, filter: terms.filter),
            in: vectors,
            scratch: &scratch,
            isOver: { terms.isOver }
        )
        return finish(query, terms, wanted, isComplete, &scratch)
    }
}
