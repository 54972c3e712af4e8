package import Indexes
package import Vectors

extension Generation {
    /// How many of `found`, the answer to a search for the best `k`, exact search returns as well,
    /// and how many it returns; nil where `isOver` said so before that was known.
    ///
    /// A candidate counts where its score reaches that of the k-th best, as in a measurement of
    /// recall: so of several items with one score, any will do.
    ///
    /// It takes no lock: whoever asks on spare time may be stopped in the middle of it for long.
    ///
    /// - Throws: as ``search(_:_:)``.
    /// - Complexity: O(count * dimension); `isOver` is asked every thousand rows.
    package func overlap(
        of found: [Candidate],
        withBest k: Int,
        for query: Span<Float>,
        excluding excluded: Int?,
        scratch: inout SearchScratch,
        isOver: () -> Bool
    ) throws(RetrievalError) -> (shared: Int, possible: Int)? {
        let terms = SearchTerms(k: k, filter: RowFilter(excluding: excluded))
        guard let best = try searcher.exact(query, terms, scratch: &scratch, isOver: isOver)
        else { return nil }
        let rows = Set(best.map(\.row))
        let least = best.last?.score ?? .infinity
        let shared = found.count { $0.score >= least || rows.contains($0.row) }
        return (min(shared, best.count), best.count)
    }
}
