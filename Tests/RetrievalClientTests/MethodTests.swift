import Foundation
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalClient

struct MethodTests {
    @Test func `every method asks its service for what was said`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            try await FakeServer { _, id in [empty(id)] }.listen(at: path) { server in
                let client = RetrievalClient(socket: path)
                _ = try await client.stats()
                _ = try await client.generations()
                _ = try await client.publish(generation: 7, force: true)
                _ = try await client.rollback()
                let (retrieval, control) = ("corkboard.v1.Retrieval", "corkboard.v1.Control")
                #expect(server.methods == ["Stats", "Generations", "Publish", "Rollback"])
                #expect(
                    server.requests.map(\.service) == [retrieval, retrieval, control, control]
                )
                let request = try PublishRequest(serializedBytes: server.requests[2].payload)
                #expect(request.generation == 7 && request.force)
                await client.close()
            }
        }
    }

    @Test func `a recommendation says what counts how much`() async throws {
        let answer: [UInt8] = try SearchResponse.with {
            $0.counts = [1]
            $0.itemIds = ["c"]
            $0.scoresF32Le = Data(floats: [1])
            $0.found = [false, true]
        }.serializedBytes()
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let server = FakeServer { _, id in [.response(.success(answer), on: id)] }
            try await server.listen(at: path) { server in
                let client = RetrievalClient(socket: path)
                let found = try await client.recommend(
                    itemIDs: ["a", "b"],
                    weights: [2, 0.5],
                    k: 1,
                    isMerged: true
                )
                // One query, which is known since one of its items is.
                #expect(found.found == [true] && found.known == [false, true])
                #expect(found.candidates == [[ItemCandidate(itemID: "c", score: 1)]])
                let request = try RecommendRequest(serializedBytes: server.requests[0].payload)
                #expect(request.weights == [2, 0.5] && request.mode == .merged)
                #expect(request.itemIds == ["a", "b"] && !request.includeSeen)
                await client.close()
            }
        }
    }
}
