package import RetrievalClient
package import Vectors
import Wire

/// A running daemon, seen from a command.
package struct DaemonClient: Sendable {
    let client: RetrievalClient

    package init(socket: String) {
        client = RetrievalClient(socket: socket)
    }

    /// The `k` items nearest to each of `items`, with what is known of them.
    ///
    /// The search is made `times` times on one connection; the round trip is the median.
    package func search(
        items: [String],
        k: Int,
        options: SearchOptions = SearchOptions(),
        times: Int = 1
    ) async throws -> SearchReport {
        try await report(queries: items, times: times) {
            try await client.related(itemIDs: items, k: k, options: options)
        }
    }

    /// The `k` items nearest to each row of `vectors`.
    package func search(
        vectors: Matrix,
        k: Int,
        options: SearchOptions = SearchOptions(),
        times: Int = 1
    ) async throws -> SearchReport {
        try await report(queries: (0..<vectors.rows).map { "vector \($0 + 1)" }, times: times) {
            try await client.search(vectors: vectors, k: k, options: options)
        }
    }

    /// The report of a search that is made `times` times, with what is known of what it found.
    func report(
        queries: [String],
        times: Int,
        _ search: () async throws -> SearchAnswer
    ) async throws -> SearchReport {
        // Connecting is paid for by a call that is not counted.
        _ = try await client.health()
        let (answer, microseconds) = try await timed(times, search)
        let summaries = try await summaries(of: Set(answer.candidates.joined().map(\.itemID)))
        return SearchReport(
            generation: answer.generation,
            embeddingVersion: answer.embeddingVersion,
            effort: answer.effort,
            expectedRecall: answer.expectedRecall,
            isPartial: answer.isPartial,
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

    /// The summaries of items, asked for in parts that fit a request.
    private func summaries(of items: Set<String>) async throws -> [String: String] {
        let partSize = 1000
        var summaries: [String: String] = [:]
        let ids = items.sorted()
        for start in stride(from: 0, to: ids.count, by: partSize) {
            let part = Array(ids[start..<min(start + partSize, ids.count)])
            for item in try await client.get(itemIDs: part, summariesOnly: true).items {
                summaries[item.id] = item.summary
            }
        }
        return summaries
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

    /// What the daemon serves, and how it does; the round trip is the median of `times` calls.
    package func status(times: Int = 100) async throws -> StatusReport {
        let (info, health) = (try await client.info(), try await client.health())
        let (_, microseconds) = try await timed(times) { try await client.health() }
        let stats = try await client.stats()
        return StatusReport(
            socket: client.socket,
            info: info,
            health: health,
            stats: stats,
            roundTrip: microseconds
        )
    }

    /// The last answer of `times` calls, one after the other, and their median in microseconds.
    private func timed<Answer>(
        _ times: Int,
        _ call: () async throws -> Answer
    ) async throws -> (answer: Answer, microseconds: Double) {
        var durations: [Double] = []
        while true {
            let start = ContinuousClock.now
            let answer = try await call()
            durations.append((ContinuousClock.now - start) / .microseconds(1))
            if durations.count >= times {
                return (answer, durations.sorted()[durations.count / 2])
            }
        }
    }

    /// Makes a call in JSON; `each` is told every answer, a line of JSON each.
    package func call(
        _ path: String,
        json: String,
        each: (String) throws -> Void
    ) async throws {
        try await client.call(path, json: json, each: each)
    }
}
