package import Indexes

/// How thoroughly a search has to look.
package enum SearchAim: Sendable, Equatable {
    /// As was found to reach the target recall when the generation was built.
    case tuned
    /// As was found to reach this recall.
    case recall(Double)
    /// With this effort: lists probed, tokens looked up, rows walked over, codes reranked.
    case effort(Int)
}

/// What a search is going to do.
package struct SearchPlan: Sendable, Equatable {
    package var setting: SearchSetting
    /// The recall that was measured with this setting; nil where none was.
    package var expectedRecall: Double?
    /// Whether all rows are compared that may be returned.
    package var comparesAll = false
}

extension Generation {
    /// How the best `k` are found among all rows, or among those that a filter leaves, which are
    /// `allowed` in number.
    ///
    /// Few rows are all compared, whatever the aim. Otherwise, where one row of n is left, the best
    /// k lie as deep in an index as the best n k of all, so it is the measurements for so many that
    /// tell what is to be done. What is to be expected they tell for lists alone: walks and tokens
    /// were not measured under a filter.
    package func plan(_ aim: SearchAim, k: Int, allowed: Int? = nil) -> SearchPlan {
        if let allowed, Searcher.comparesAll(of: allowed) {
            return SearchPlan(
                setting: manifest.greatestSetting,
                expectedRecall: 1,
                comparesAll: true
            )
        }
        var k = k
        if let allowed {
            k = Int((Double(k) * Double(count) / Double(allowed)).rounded(.up))
        }
        let setting =
            switch aim {
            case .tuned: manifest.setting(forK: k)
            case .recall(let recall): manifest.setting(forK: k, recall: recall)
            case .effort(let effort): manifest.setting(forK: k, effort: effort)
            }
        let isKnown = allowed == nil || manifest.kind == .ivf || manifest.kind == .flat
        return SearchPlan(
            setting: setting,
            expectedRecall: isKnown ? manifest.recall(of: setting, k: k) : nil
        )
    }

    /// The setting of a search whose terms name none.
    func defaultSetting(_ terms: SearchTerms) -> SearchSetting {
        // The row of the query's own item is no filter: measurements leave it out as well.
        plan(.tuned, k: terms.k, allowed: terms.filter.allowed?.count).setting
    }

    /// The rows of those of `ids` that the generation holds.
    ///
    /// - Complexity: O(count + ids * log count).
    package func rows(ofIDs ids: [String]) -> RowSet {
        var rows = RowSet(capacity: count)
        for id in ids {
            if let row = row(ofID: id) {
                rows.insert(row)
            }
        }
        return rows
    }
}
