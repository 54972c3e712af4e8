import RetrievalClient
package import Vectors
import Wire

/// A running daemon, seen from a command.
package struct Daemon: Sendable {
    private let client: RetrievalClient

    package init(socket: String) {
        client = RetrievalClient(socket: socket)
    }

    /// The `k` items nearest to each of `items`, with what is known of them.
    package func search(items: [String], k: Int) async throws -> SearchReport {
        try await timed(queries: items) { try await client.related(itemIDs: items, k: k) }
    }

    /// The `k` items nearest to each row of `vectors`.
    package func search(vectors: Matrix, k: Int) async throws -> SearchReport {
        try await timed(queries: (0..<vectors.rows).map { "vector \($0 + 1)" }) {
            try await client.search(vectors: vectors, k: k)
        }
    }

    private func timed(
        queries: [String],
        _ search: () async throws -> SearchAnswer
    ) async throws -> SearchReport {
        // The first call pays for connecting; the round trip that is told is that of a call on an
        // open connection.
        _ = try await client.health()
        let start = ContinuousClock.now
        let answer = try await search()
        let microseconds = (ContinuousClock.now - start) / .microseconds(1)
        let ids = Set(answer.candidates.joined().map(\.itemID))
        let known = try await client.get(itemIDs: ids.sorted())
        let summaries = Dictionary(
            known.items.map { ($0.id, $0.summary) },
            uniquingKeysWith: { first, _ in first }
        )
        return SearchReport(
            generation: answer.generation,
            embeddingVersion: answer.embeddingVersion,
            roundTrip: microseconds,
            queries: zip(queries, zip(answer.candidates, answer.found)).map { query, answer in
                SearchReport.Query(
                    query: query,
                    found: answer.1,
                    candidates: answer.0.map { candidate in
                        SearchReport.Found(
                            id: candidate.itemID,
                            score: candidate.score,
                            summary: summaries[candidate.itemID] ?? ""
                        )
                    }
                )
            }
        )
    }

    /// What the daemon knows of `items`.
    package func get(items: [String], includingVectors: Bool) async throws -> GetReport {
        let answer = try await client.get(itemIDs: items, includeVectors: includingVectors)
        return GetReport(
            generation: answer.generation,
            items: answer.items.map { item in
                GetReport.Item(
                    id: item.id,
                    found: item.found,
                    text: item.text,
                    fields: Dictionary(
                        item.fields.map { ($0.name, $0.values) },
                        uniquingKeysWith: { first, _ in first }
                    ),
                    vector: includingVectors ? item.vectorF32Le.floats : nil
                )
            }
        )
    }

    package func status() async throws -> StatusReport {
        let (info, health) = (try await client.info(), try await client.health())
        let start = ContinuousClock.now
        _ = try await client.health()
        return StatusReport(
            socket: client.socket,
            state: "\(health.state)",
            message: health.message,
            server: "\(info.server) \(info.version), \(info.protocol)",
            generation: info.hasGeneration ? StatusReport.Generation(info.generation) : nil,
            roundTrip: (ContinuousClock.now - start) / .microseconds(1)
        )
    }

    /// Makes a call in JSON; the answer is one line of JSON.
    package func call(_ path: String, json: String) async throws -> String {
        try await client.call(path, json: json)
    }
}
