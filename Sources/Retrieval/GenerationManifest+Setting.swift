extension GenerationManifest {
    /// The setting of a search for `k` candidates that names none.
    ///
    /// It is the one that reached the target recall for the least measured k that is not below
    /// `k`; beyond the last, the greatest effort, which is exact. A generation of format 1 was
    /// measured for one k, and takes its setting for all.
    package func setting(forK k: Int) -> SearchSetting {
        guard let deeper, k > measured.k else { return setting }
        let greatest = kind.setting(effort: build.lists ?? count)
        return deeper.first { k <= $0.measured.k }?.setting ?? greatest
    }
}
