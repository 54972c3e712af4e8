import Indexes
import Vectors

extension Searcher {
    /// Finds the rows whose codes are nearest among the nearest lists.
    func search(
        _ lists: InvertedLists,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ probes: Int,
        _ depth: Int,
        _ scratch: inout SearchScratch
    ) -> Bool {
        let search = ProbedSearch(
            probes: probes,
            depth: max(min(depth, vectors.count), wanted) + terms.room,
            wanted: wanted + terms.room,
            filter: terms.filter
        )
        return lists.search(query, search, scratch: &scratch, isOver: { terms.isOver })
    }
}
