import Indexes
import Vectors

extension Searcher {
    /// Reranks the rows that share most tokens with the query; compares all vectors where that is
    /// asked for, or where the tokens lead to too few rows that may be returned.
    func search(
        _ tables: TokenTables,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ tokens: Int,
        _ rerank: Int
    ) -> SearchResult {
        guard tokens < tables.tokenCount, rerank < vectors.count else {
            return exact(query, terms)
        }
        var scratch = pool.take()
        defer { pool.give(scratch) }
        // One more, for the excluded row may be among the first.
        let room = terms.filter.excluded == nil ? 0 : 1
        let isComplete = tables.search(
            query,
            TokenSearch(
                probes: tokens,
                depth: max(rerank, wanted) + room,
                wanted: wanted + room,
                filter: terms.filter
            ),
            scratch: &scratch,
            isOver: { terms.isOver }
        )
        return finish(query, terms, wanted, isComplete, &scratch)
    }
}
