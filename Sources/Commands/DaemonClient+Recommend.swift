package import RetrievalClient

/// An item of a user's history, and how much it counts.
package struct HistoryItem: Sendable, Equatable {
    package let id: String
    /// Not below 0.
    package let weight: Float

    /// The item that `ID` or `ID=WEIGHT` stands for.
    ///
    /// What follows the last `=` is a weight where it is a number, and otherwise part of the id; so
    /// an item whose id ends in `=3` is written `ID=3=1`.
    ///
    /// - Throws: ``CommandError`` where no id is left, and where the weight is below 0 or not finite.
    package init(_ text: String) throws(CommandError) {
        if let sign = text.lastIndex(of: "="),
            let weight = Float(text[text.index(after: sign)...])
        {
            id = String(text[..<sign])
            self.weight = weight
        } else {
            id = text
            weight = 1
        }
        guard !id.isEmpty else {
            throw CommandError("\(text) names no item; give ID or ID=WEIGHT")
        }
        guard weight >= 0, weight.isFinite else {
            throw CommandError(
                "the weight of \(id) is \(weight); give 0 or a finite number above it, or \(text)=1 "
                    + "for an item of that id"
            )
        }
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
