import Foundation
import RetrievalClient
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Histories, asked for over the socket.
struct RecommendTests {
    private func recommend(
        _ client: RetrievalClient,
        _ fill: (inout RecommendRequest) -> Void
    ) async throws -> SearchResponse {
        var request = RecommendRequest()
        request.k = 2
        fill(&request)
        return try SearchResponse(
            jsonString: try await client.call(
                "Retrieval/Recommend",
                json: try request.jsonString()
            )
        )
    }

    private func withCircle(
        _ body: (RetrievalClient) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try Circle(in: folder).publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                try await body(client)
            }
        }
    }

    @Test func `pooled, what lies between two items is nearest, and they are left out`()
        async throws
    {
        try await withCircle { client in
            let answer = try await recommend(client) {
                $0.itemIds = [Circle.id(10), Circle.id(12)]
            }
            #expect(answer.itemIds.first == Circle.id(11))
            #expect(answer.counts == [2])
            #expect(answer.found == [true, true])
            #expect(!answer.itemIds.contains(Circle.id(10)))
        }
    }

    @Test func `weights pull the query towards what counts more`() async throws {
        try await withCircle { client in
            let answer = try await recommend(client) {
                $0.itemIds = [Circle.id(10), Circle.id(16)]
                $0.weights = [1, 0]
            }
            #expect(Set(answer.itemIds) == [Circle.id(9), Circle.id(11)])
        }
    }

    @Test func `merged, two interests have something each`() async throws {
        try await withCircle { client in
            let answer = try await recommend(client) {
                $0.itemIds = [Circle.id(10), Circle.id(40)]
                $0.mode = .merged
                $0.k = 4
            }
            #expect(
                Set(answer.itemIds) == [
                    Circle.id(9), Circle.id(11), Circle.id(39), Circle.id(41),
                ]
            )
        }
    }

    @Test func `the history may be asked for too`() async throws {
        try await withCircle { client in
            let answer = try await recommend(client) {
                $0.itemIds = [Circle.id(10)]
                $0.includeSeen = true
                $0.k = 1
            }
            #expect(answer.itemIds == [Circle.id(10)])
        }
    }

    @Test func `unknown items are told, and of nothing but these there is no answer`() async throws
    {
        try await withCircle { client in
            let answer = try await recommend(client) { $0.itemIds = ["none", Circle.id(3)] }
            #expect(answer.found == [false, true])
            let error = await #expect(throws: RetrievalClientError.self) {
                try await recommend(client) { $0.itemIds = ["none"] }
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test(arguments: [[Float(1)], [-1, 1], [.nan, 1], [0, 0], [.infinity, 1]])
    func `weights that make no sense are refused`(weights: [Float]) async throws {
        try await withCircle { client in
            let error = await #expect(throws: RetrievalClientError.self) {
                try await recommend(client) {
                    $0.itemIds = [Circle.id(1), Circle.id(2)]
                    $0.weights = weights
                }
            }
            #expect(error?.code == .invalidArgument)
        }
    }
}
