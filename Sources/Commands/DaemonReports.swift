import Foundation

/// Answers of the daemon to a search.
package struct SearchReport: Report {
    package let generation: Int
    package let embeddingVersion: Int
    /// The effort that was made, in the index's own unit.
    package let effort: Int
    /// The recall that was measured with this effort, where it was.
    package let expectedRecall: Double?
    /// Whether the time ran out before everything was searched.
    package let isPartial: Bool
    /// Microseconds from a request to its answer, the median.
    package let roundTrip: Double
    package let queries: [Query]

    package struct Query: Encodable {
        package let query: String
        package let found: Bool
        package let candidates: [Found]
    }

    package struct Found: Encodable {
        package let id: String
        package let score: Float
        package let summary: String
    }

    private enum CodingKeys: String, CodingKey {
        case generation, effort, queries
        case embeddingVersion = "embedding_version"
        case expectedRecall = "expected_recall"
        case isPartial = "partial"
        case roundTrip = "round_trip_us"
    }

    package var description: String {
        let answers = queries.map { query in
            let width = query.candidates.map(\.id.count).max() ?? 0
            let rows = query.candidates.map { candidate in
                let id = candidate.id.padding(toLength: width, withPad: " ", startingAt: 0)
                return "  \(decimal(Double(candidate.score), 3))  \(id)  \(candidate.summary)"
            }
            let head = query.found ? query.query : "\(query.query): no such item"
            return ([head] + rows).joined(separator: "\n")
        }
        let expected = expectedRecall.map { ", expected recall \(decimal($0, 3))" } ?? ""
        let facts =
            "round trip \(decimal(roundTrip, 0)) us, generation \(generation), effort \(effort)"
            + expected
        let warning =
            isPartial ? ["partial: the time ran out; give a longer --timeout, or less effort"] : []
        return (answers + warning + [facts]).joined(separator: "\n\n")
    }
}

/// What is known of items.
package struct GetReport: Report {
    package let generation: UInt64
    package let items: [Item]

    package struct Item: Encodable {
        package let id: String
        package let found: Bool
        package let text: String
        package let fields: [String: [String]]
        package let vector: [Float]?
    }

    package var description: String {
        items.map { item in
            guard item.found else { return "\(item.id): no such item" }
            let fields = item.fields.sorted { $0.key < $1.key }
                .map { "\($0): \($1.joined(separator: ", "))" }
            let vector = item.vector.map { ["vector: \($0)"] } ?? []
            return ([item.id, item.text] + fields + vector).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
