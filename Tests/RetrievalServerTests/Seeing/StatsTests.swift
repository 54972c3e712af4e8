import Foundation
import NIOCore
import RetrievalClient
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// What the service tells of itself, over the socket.
struct StatsTests {
    @Test func `stats tell calls, errors, connections, memory and swaps`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let telemetry = Telemetry()
            try await withService(in: folder, telemetry: telemetry) { client, state in
                try #require(try await eventually { state.served != nil })
                for _ in 0..<5 {
                    _ = try await client.related(itemIDs: ["item-001"], k: 3)
                }
                _ = try await client.get(itemIDs: ["item-001"])
                _ = await failure { () async throws(RetrievalClientError) in
                    _ = try await client.related(itemIDs: ["nobody"], k: 3)
                }
                telemetry.connections.refuse()
                let before = telemetry.swaps.current
                try circle.publish(turn: 1)
                try #require(try await eventually { telemetry.swaps.current.done > before.done })
                try circle.publish(storeIdentity: "another")
                try #require(try await eventually { telemetry.swaps.current.refused > 0 })
                let stats = try await client.stats()
                let methods = Dictionary(uniqueKeysWithValues: stats.methods.map { ($0.name, $0) })
                #expect(Set(methods.keys) == ["Retrieval/Related", "Retrieval/Get"])
                let related = try #require(methods["Retrieval/Related"])
                #expect(related.calls == 6 && related.statuses.map(\.code) == ["NOT_FOUND"])
                #expect(related.statuses.map(\.calls) == [1])
                let times = [related.p50Us, related.p90Us, related.p99Us, related.p999Us]
                #expect(times == times.sorted() && times[0] > 0 && related.maxUs >= times[3])
                #expect(stats.generation == 2 && stats.generationSeconds > 0)
                #expect(stats.uptimeSeconds >= stats.generationSeconds)
                #expect(stats.load.connections == 1 && stats.load.acceptedConnections == 1)
                #expect(stats.load.refusedConnections == 1 && stats.load.callsInFlight == 0)
                #expect(stats.memory.residentBytes > 1 << 20)
                let files = try FileManager.default.contentsOfDirectory(
                    at: folder.appendingPathComponent("generations/gen-000002"),
                    includingPropertiesForKeys: [.fileSizeKey]
                ).filter { $0.lastPathComponent != "manifest.json" }
                    .reduce(0) {
                        $0 + (try $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
                    }
                #expect(stats.memory.generationBytes == UInt64(files))
                #expect(stats.swaps.done == UInt64(before.done + 1) && stats.swaps.refused == 1)
                #expect(stats.swaps.lastRefusal.contains("was built from the store another"))
                #expect(stats.recall.isEmpty)
            }
        }
    }

    @Test func `requests that are refused at once are counted apart`() async throws {
        try await withTemporaryFolder { folder in
            let telemetry = Telemetry()
            let path = folder.appendingPathComponent("s").path
            let server = RetrievalServer(
                socket: try ListeningSocket(path: path),
                reactors: .shared,
                terms: Replaceable(ConnectionTerms()),
                logger: quiet,
                telemetry: telemetry
            ) { _, _ in .now(.success([])) }
            try await run([server]) { _ in
                _ = try await exchange(
                    bytes(try request(1), try request(3, method: "No")),
                    at: path
                )
            }
            #expect(telemetry.calls[.health].calls == 1)
            #expect(telemetry.calls.refused(.unimplemented) == 1)
            #expect(try await eventually { telemetry.connections.openCount == 0 })
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a call that its client ends, or its time, is counted once as what it was`() async throws {
        try await withTemporaryFolder { folder in
            let telemetry = Telemetry()
            let path = folder.appendingPathComponent("s").path
            let server = RetrievalServer(
                socket: try ListeningSocket(path: path),
                reactors: .shared,
                terms: Replaceable(ConnectionTerms()),
                logger: quiet,
                telemetry: telemetry
            ) { _, loop in
                // Long after its time; a promise that nobody keeps would be a fault.
                .later(loop.scheduleTask(in: .seconds(1)) { .success([]) }.futureResult)
            }
            try await run([server]) { _ in
                let frames = try await exchange(
                    bytes(try request(1, timeout: 50_000_000)),
                    at: path
                )
                #expect(frames.count == 1)
            }
            let health = telemetry.calls[.health]
            #expect(health.calls == 1 && health.count(of: .deadlineExceeded) == 1)
            #expect(telemetry.callsInFlight == 0)
        }
    }

    @Test func `real searches are compared on spare time, and stats tell`() async throws {
        try await withTemporaryFolder { folder in
            try Circle(in: folder).publish()
            let recall = LiveRecall(share: 1, key: 1)
            let worker = RecallWorker(recall: recall, logger: quiet)
            try await run([worker]) { _ in
                let telemetry = Telemetry(recall: recall)
                try await withService(in: folder, telemetry: telemetry) { client, state in
                    try #require(try await eventually { state.served != nil })
                    for row in 0..<20 {
                        _ = try await client.related(itemIDs: [Circle.id(row)], k: 5)
                    }
                    let isDone = try await eventually {
                        try await client.stats().recall.first?.queries == 20
                    }
                    #expect(isDone)
                    let found = try #require(try await client.stats().recall.first)
                    #expect(found.generation == 1 && found.recall == 1)
                    #expect(abs(found.margin - 3.0 / 20) < 1e-9)
                }
            }
            #expect(recall.isStopped)
        }
    }
}
