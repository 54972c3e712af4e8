import Foundation
import Retrieval
import RetrievalClient
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// What administrators do, over the socket.
struct ControlTests {
    private func publish(
        _ client: RetrievalClient,
        _ number: Int,
        force: Bool = false
    ) async throws -> PublishResponse {
        let request = "{\"generation\": \(number), \"force\": \(force)}"
        return try PublishResponse(
            jsonString: try await client.call("Control/Publish", json: request)
        )
    }

    /// Two generations, of which the older is published.
    private func withTwo(
        _ body: (Circle, RetrievalClient, ServingState) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try circle.publish(turn: 1, version: 2)
            try circle.folder.publish(1)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served?.generation.number == 1 })
                try await body(circle, client, state)
            }
        }
    }

    @Test func `publish serves before it answers, and CURRENT follows`() async throws {
        try await withTwo { circle, client, state in
            let answer = try await publish(client, 2)
            #expect(answer.generation == 2)
            #expect(answer.previous == 1)
            #expect(answer.recall == 1)
            #expect(state.served?.generation.number == 2)
            #expect(try circle.folder.current() == 2)
        }
    }

    @Test func `rollback goes to the one before, and says where there is none`() async throws {
        try await withTwo { circle, client, state in
            _ = try await publish(client, 2)
            let answer = try PublishResponse(
                jsonString: try await client.call("Control/Rollback", json: "{}")
            )
            #expect(answer.generation == 1)
            #expect(try circle.folder.current() == 1)
            let error = await failure { () throws(RetrievalClientError) in
                _ = try await client.call("Control/Rollback", json: "{}")
            }
            #expect(error?.code == .notFound)
            #expect(state.served?.generation.number == 1)
        }
    }

    @Test func `rollback passes over a damaged generation`() async throws {
        try await withTwo { circle, client, state in
            try circle.publish(turn: 2, version: 3)
            try #require(try await eventually { state.served?.generation.number == 3 })
            try damage(2, in: circle)
            let answer = try PublishResponse(
                jsonString: try await client.call("Control/Rollback", json: "{}")
            )
            #expect(answer.generation == 1)
        }
    }

    @Test func `what is damaged or not there is not published, even by force`() async throws {
        try await withTwo { circle, client, state in
            try damage(2, in: circle)
            for (number, code) in [(2, StatusCode.dataLoss), (7, .notFound), (0, .invalidArgument)]
            {
                let error = await failure { () throws(RetrievalClientError) in
                    _ = try await client.call(
                        "Control/Publish",
                        json: "{\"generation\": \(number), \"force\": true}"
                    )
                }
                #expect(error?.code == code, "\(number)")
            }
            #expect(state.served?.generation.number == 1)
            #expect(try circle.folder.current() == 1)
        }
    }

    private func damage(_ number: Int, in circle: Circle) throws {
        let vectors = circle.folder.folder(of: number).appendingPathComponent("vectors.f32")
        var bytes = try Data(contentsOf: vectors)
        bytes[5] ^= 1
        try bytes.write(to: vectors)
    }

    // MARK: - The gate

    private func manifest(recall: Double, of circle: Circle, _ number: Int) throws
        -> GenerationManifest
    {
        var manifest = try circle.folder.open(number, checking: false).manifest
        manifest.measured.recall = recall
        manifest.measured.curve = []
        return manifest
    }

    @Test(arguments: [(0.99, 0.97, true), (0.99, 0.96, false), (0.5, 0.9, true)])
    func `a generation may lose no more recall than is allowed`(
        old: Double,
        new: Double,
        passes: Bool
    ) throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let served = try manifest(recall: old, of: circle, 1)
            let next = try manifest(recall: new, of: circle, 1)
            let gate = RecallGate(allowedLoss: 0.02)
            do throws(RetrievalServerError) {
                try gate.check(next, against: served)
                #expect(passes)
            } catch {
                #expect(!passes)
                #expect(error.code == .worse)
                #expect(error.description.contains("force"))
            }
        }
    }

    // MARK: - Generations

    @Test func `generations tells which is published, served, and damaged`() async throws {
        try await withTwo { circle, client, _ in
            try FileManager.default.removeItem(
                at: circle.folder.folder(of: 2).appendingPathComponent("ids")
            )
            let answer = try GenerationsResponse(
                jsonString: try await client.call("Retrieval/Generations", json: "{}")
            )
            #expect(answer.generations.map(\.number) == [1, 2])
            #expect(answer.generations[0].served && answer.generations[0].published)
            #expect(answer.generations[0].bytes > 0)
            #expect(!answer.generations[1].trouble.isEmpty)
            #expect(!answer.generations[1].served)
        }
    }

    // MARK: - Rebuild

    @Test(arguments: ["--help", "iv f", "ivf;rm", "../x", "ÄÖ", "IVF"])
    func `a rebuild takes the name of a kind, and no option`(kind: String) {
        var request = RebuildRequest()
        request.indexKind = kind
        #expect(throws: CallError.self) {
            try request.arguments(workspace: URL(fileURLWithPath: "/w"))
        }
    }

    @Test func `a rebuild is the command that people run`() throws {
        var request = RebuildRequest()
        request.indexKind = "hnsw"
        request.targetRecall = 0.9
        request.noPublish = true
        #expect(
            try request.arguments(workspace: URL(fileURLWithPath: "/w")) == [
                "index", "--workspace", "/w", "--json", "--kind", "hnsw", "--target-recall", "0.9",
                "--no-publish",
            ]
        )
    }
}
