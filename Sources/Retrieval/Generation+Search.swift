package import Vectors

extension Generation {
    /// The most candidates that one search returns.
    package static var maximumK: Int { Searcher.maximumK }

    /// The candidates nearest to `query` (dimension), best first.
    ///
    /// There are `k` of them, or as many as the generation has. They are rows of it; the row
    /// `excluded` is not among them.
    ///
    /// Scores are those of the metric. The default setting is the one that reached the target
    /// recall of so many candidates when the generation was built, see
    /// ``GenerationManifest/setting(forK:)``; it is raised where it cannot yield `k` candidates.
    ///
    /// - Throws: ``RetrievalError`` with code `invalid` where the dimension differs, `k` is not in
    ///   1...``maximumK``, the query is not finite (or zero, for cosine), or the setting is one of
    ///   another kind of index.
    package func search(
        _ query: Span<Float>,
        k: Int,
        setting: SearchSetting? = nil,
        excluding excluded: Int? = nil
    ) throws(RetrievalError) -> [Candidate] {
        try searcher.search(
            query,
            k: k,
            setting: setting ?? manifest.setting(forK: k),
            excluding: excluded
        )
    }

    /// The candidates nearest to `query` by comparison with every vector, best first.
    ///
    /// - Throws: as ``search(_:k:setting:excluding:)``.
    /// - Complexity: O(count * dimension).
    package func exact(
        _ query: Span<Float>,
        k: Int,
        excluding excluded: Int? = nil
    ) throws(RetrievalError) -> [Candidate] {
        try searcher.exact(query, k: k, excluding: excluded)
    }
}
