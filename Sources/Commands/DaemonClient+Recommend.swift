package import RetrievalClient

/// An item of a user's history, and how much it counts.
package struct HistoryItem: Sendable, Equatable {
    package let id: String
    /// Not below 0.
    package let weight: Float

    /// The item that `ID` or `ID=WEIGHT` stands for.
    ///
    /// What follows the last `=` is a weight where it is a number not below 0, and otherwise part
    /// of the id; so an item whose id ends in `=3` is written `ID=3=1`. Nil where no id is left.
    package init?(_ text: String) {
        if let sign = text.lastIndex(of: "="),
            let weight = Float(text[text.index(after: sign)...]), weight >= 0, weight.isFinite
        {
            id = String(text[..<sign])
            self.weight = weight
        } else {
            id = text
            weight = 1
        }
        guard !id.isEmpty else { return nil }
    }
}

extension DaemonClient {
    /// The `k` items for the user with this history.
    package func recommend(
        history: [HistoryItem],
        k: Int,
        isMerged: Bool = false,
        includeSeen: Bool = false,
        options: SearchOptions = SearchOptions()
    ) async throws -> SearchReport {
        let query = "for " + history.map(\.id).joined(separator: ", ")
        return try await report(queries: [query], times: 1) {
            try await client.recommend(
                itemIDs: history.map(\.id),
                weights: history.map(\.weight),
                k: k,
                isMerged: isMerged,
                includeSeen: includeSeen,
                options: options
            )
        }
    }
}
