import Indexes
import Vectors

extension Searcher {
    /// Finds the rows that a walk over links ends at.
    func search(
        _ links: LinkedRows,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ breadth: Int,
        _ scratch: inout SearchScratch
    ) -> Bool {
        let search = LinkSearch(
            breadth: breadth,
            wanted: wanted + terms.room,
            filter: terms.filter
        )
        return links.search(
            query,
            search,
            in: vectors,
            scratch: &scratch,
            isOver: { terms.isOver }
        )
    }
}
