import Indexes
import Vectors

extension Searcher {
    /// Finds the rows that share most tokens with the query.
    func search(
        _ tables: TokenTables,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ tokens: Int,
        _ depth: Int,
        _ scratch: inout SearchScratch
    ) -> Bool {
        let search = ProbedSearch(
            probes: tokens,
            depth: max(depth, wanted) + terms.room,
            wanted: wanted + terms.room,
            filter: terms.filter
        )
        return tables.search(query, search, scratch: &scratch, isOver: { terms.isOver })
    }
}
