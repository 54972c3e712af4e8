import Wire

/// What a search is asked for besides its queries and k; by default what the index was tuned to,
/// among all items.
package struct SearchOptions: Sendable, Equatable {
    /// How thoroughly to search, in the index's own unit; nil for the default.
    package var effort: Int?
    /// The recall to aim at, above 0 and at most 1, instead of an effort.
    package var recall: Double?
    /// The only items that may be returned; nil for all.
    package var allowed: [String]?
    /// Items that may not be returned.
    package var denied: [String] = []
    /// The least score that a candidate may have.
    package var minimumScore: Float?
    package var minimumGeneration = 0
    /// How long the search may take; nil for what the client grants every call.
    ///
    /// What was found until then is the answer.
    package var timeout: Duration?

    package init() {}
}

extension SearchOptions {
    /// The filter of a request; nil where every item may be returned.
    var filter: Filter? {
        guard allowed != nil || !denied.isEmpty || minimumScore != nil else { return nil }
        var filter = Filter()
        if let allowed {
            filter.allow.itemIds = allowed
        }
        if !denied.isEmpty {
            filter.deny.itemIds = denied
        }
        if let minimumScore {
            filter.minScore = minimumScore
        }
        return filter
    }
}
