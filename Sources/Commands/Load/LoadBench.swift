import Datasets
package import Foundation
import RetrievalClient
import Vectors
import Wire

/// Measures a running daemon: the recall of its answers, and what load it bears how fast.
package struct LoadBench: Sendable {
    /// The path of the daemon's socket.
    package var socket: String
    /// The vectors to search with, one a row (.npy).
    package var queries: URL
    /// For each query the rows of its nearest vectors (.npy); without it recall is not measured.
    package var truth: URL?
    /// The ids of the rows that `truth` tells of, one a line; without it those of `RowNames`.
    package var ids: URL?
    package var k = 10
    /// How thoroughly to search; 0 for what the index was tuned to.
    package var effort = 0
    /// The recall to aim at, instead of an effort.
    package var recall: Double?
    package var connections = 1
    /// Calls on their way on each connection.
    package var inFlight = 1
    /// Calls a second in all, at fixed times, instead of `inFlight`.
    package var rate: Double?
    /// How many calls to time, at least; nil for every query once, and 20,000 at the least.
    package var calls: Int?
    /// Microseconds for which a connection's thread looks for its answer before it sleeps.
    package var busyPoll = 0

    private static let leastCalls = 20_000

    package init(socket: String, queries: URL) {
        self.socket = socket
        self.queries = queries
    }

    /// Asks every query once, and compares the answers; then puts the load on the daemon.
    ///
    /// - Throws: an error where any call fails.
    package func run(progress: ProgressHandler) async throws -> LoadReport {
        let vectors = try NumPyVectors(contentsOf: queries)
        if let row = vectors.firstRow(beyond: .greatestFiniteMagnitude) {
            throw CommandError(
                "row \(row) of \(queries.path) holds a value that is not finite; mend it"
            )
        }
        let searches = try (0..<vectors.rows).map { row in
            try SearchRequest(vectors: vectors.gather(row..<row + 1), k: k, options: options)
        }
        let client = RetrievalClient(socket: socket)
        let info = try await client.info()
        guard info.hasGeneration else {
            throw CommandError(
                "the daemon at \(socket) serves no generation; run corkboard index first"
            )
        }
        let truth = try truth.map { file in
            try NearestRows(
                in: file,
                ids: ids,
                itemCount: Int(clamping: info.generation.count),
                queryCount: vectors.rows,
                k: k
            )
        }
        progress(.line("asking \(searches.count) queries once"))
        var found = 0.0
        for (query, search) in searches.enumerated() {
            let answer = try await client.search(search)
            let ids = answer.candidates.first?.map(\.itemID) ?? []
            found += truth?.recall(of: ids, query: query) ?? 0
        }
        await client.close()
        let plan = plan(searches)
        progress(
            .line("making \(plan.connections * plan.callsPerConnection) calls, \(plan.description)")
        )
        let result = try plan.run()
        if let error = result.firstFailure {
            throw CommandError(
                "\(result.failures) of \(result.times.count) calls failed; the first with: \(error)"
            )
        }
        return LoadReport(
            self,
            result,
            queries: searches.count,
            recall: truth.map { _ in found / Double(searches.count) },
            generation: Int(clamping: info.generation.number)
        )
    }

    private var options: SearchOptions {
        var options = SearchOptions()
        options.effort = effort
        options.recall = recall
        return options
    }

    private func plan(_ searches: [SearchRequest]) -> LoadPlan {
        let calls = calls ?? max(searches.count, Self.leastCalls)
        var plan = LoadPlan(
            socket: socket,
            searches: searches,
            connections: connections,
            pace: rate.map { .perSecond($0 / Double(connections)) } ?? .inFlight(inFlight),
            callsPerConnection: (calls + connections - 1) / connections
        )
        plan.pollTime = busyPoll
        return plan
    }
}

extension LoadPlan {
    fileprivate var description: String {
        switch pace {
        case .inFlight(let count): "\(count) in flight on each of \(connections) connections"
        case .perSecond(let rate): "\(decimal(rate * Double(connections), 0)) a second"
        }
    }
}
