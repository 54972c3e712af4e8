import Foundation
import Retrieval
import RetrievalClient
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// What a daemon serves that finds no good `CURRENT` when it starts.
struct SubstituteTests {
    /// A workspace with two generations that were published, and a newer one that was not.
    private func withThree(_ current: String, _ body: (Circle) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try circle.publish()
            try circle.build()
            try Data(current.utf8).write(to: circle.folder.currentFile)
            try await body(circle)
        }
    }

    @Test(arguments: ["", "garbage\n", "gen-000009\n"])
    func `the last one that was published is served, and called that`(
        current: String
    ) async throws {
        try await withThree(current) { circle in
            try await withService(in: circle.workspace) { client, state in
                try #require(try await eventually { state.served?.generation.number == 2 })
                let health = try await client.health()
                #expect(health.state == .degraded)
                #expect(
                    health.message.hasPrefix("serving generation 2, which was published earlier")
                )
                #expect(
                    health.message.contains("CURRENT") || health.message.contains("generation 9")
                )
                try circle.folder.publish(2)
                try #require(try await eventually { try await client.health().state == .serving })
                #expect(try await client.health().message == "serving generation 2")
            }
        }
    }

    @Test func `the way back leads from the last one, over the socket too`() async throws {
        try await withThree("garbage\n") { circle in
            try await withService(in: circle.workspace) { client, state in
                try #require(try await eventually { state.served?.generation.number == 2 })
                let answer = try PublishResponse(
                    jsonString: try await client.call("Control/Rollback", json: "{}")
                )
                #expect(answer.generation == 1)
                #expect(try circle.folder.current() == 1)
                #expect(try await client.health().message == "serving generation 1")
            }
        }
    }

    /// Generation 2 finds half of what 1 does, which somebody has allowed; it was refused for that
    /// when it could be read again.
    @Test func `what stands in is no measure of the generation that it stands in for`() async throws
    {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let number = try circle.build()
            let files = circle.folder.folder(of: number)
            var manifest = try GenerationManifest(inFolder: files)
            manifest.measured.recall = 0.5
            try JSONEncoder().encode(manifest.sealed()).write(
                to: files.appendingPathComponent("manifest.json")
            )
            try circle.folder.publish(number)
            let away = folder.appendingPathComponent("x")
            try FileManager.default.moveItem(at: files, to: away)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served?.generation.number == 1 })
                try FileManager.default.moveItem(at: away, to: files)
                try #require(try await eventually { state.served?.generation.number == 2 })
                #expect(try await client.health().state == .serving)
            }
        }
    }

    @Test(arguments: ["", "garbage\n"])
    func `what was never published is not served`(current: String) async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.build()
            try Data(current.utf8).write(to: circle.folder.currentFile)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.trouble?.contains("known") == true })
                #expect(state.served == nil)
                let health = try await client.health()
                #expect(health.state == .notServing)
                #expect(
                    health.message.contains("no generation is known to have been published earlier")
                )
                _ = try await client.call("Control/Publish", json: "{\"generation\": 1}")
                #expect(try await client.health().message == "serving generation 1")
            }
        }
    }
}
