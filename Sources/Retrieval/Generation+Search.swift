package import Indexes
package import Vectors

extension Generation {
    /// The most candidates that one search returns.
    package static var maximumK: Int { Searcher.maximumK }

    /// The candidates nearest to `query` (dimension).
    ///
    /// There are as many as wanted, or as the filter leaves. Scores are those of the metric. The
    /// default setting is the one that reached the target recall of so many candidates when the
    /// generation was built, see ``GenerationManifest/setting(forK:)``; it is raised where it
    /// cannot yield so many.
    ///
    /// - Throws: ``RetrievalError`` with code `invalid` where the dimension differs, `k` is not in
    ///   1...``maximumK``, the query is not finite (or zero, for cosine), or the setting is one of
    ///   another kind of index.
    package func search(
        _ query: Span<Float>,
        _ terms: SearchTerms
    ) throws(RetrievalError) -> SearchResult {
        try searcher.search(query, terms, setting: terms.setting ?? defaultSetting(terms))
    }

    /// The same, put in place of what was in `result`: in the memory of an earlier answer, so that
    /// nothing is allocated once that is large enough.
    package func search(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        into result: inout SearchResult
    ) throws(RetrievalError) {
        try searcher.search(
            query,
            terms,
            setting: terms.setting ?? defaultSetting(terms),
            into: &result
        )
    }

    /// The best `k` candidates, the row `excluded` not among them.
    package func search(
        _ query: Span<Float>,
        k: Int,
        setting: SearchSetting? = nil,
        excluding excluded: Int? = nil
    ) throws(RetrievalError) -> [Candidate] {
        let terms = SearchTerms(k: k, setting: setting, filter: RowFilter(excluding: excluded))
        return try search(query, terms).candidates
    }

    /// The candidates nearest to `query` by comparison with every vector, best first.
    ///
    /// - Throws: as ``search(_:_:)``.
    /// - Complexity: O(count * dimension).
    package func exact(
        _ query: Span<Float>,
        k: Int,
        excluding excluded: Int? = nil
    ) throws(RetrievalError) -> [Candidate] {
        let terms = SearchTerms(k: k, filter: RowFilter(excluding: excluded))
        return try searcher.search(query, terms, setting: nil).candidates
    }
}
