import Foundation
import SwiftProtobuf
import Synchronization
import Retrieval
import RetrievalClient
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// How a rebuild ends, well or badly, and what the next one meets.
struct RebuildTests {
    /// Says that it works, and does so until it is asked to end, which takes it `ending`; from the
    /// second time on it is done at once.
    private static func worker(ending: String) -> String {
        """
        if [ -e "$0.begun" ]; then echo '{"generation": 2, "recall": 1}'; exit 0; fi
        touch "$0.begun"
        trap '\(ending)' TERM
        echo working >&2
        while :; do sleep 0.02; done
        """
    }

    /// Runs `body` with rebuilds by a program that does what `script` says.
    private func withRebuild(
        _ script: String,
        grace: Duration = .seconds(20),
        patience: Duration = .seconds(20),
        _ body: (Rebuild) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let rebuild = Rebuild(
                program: try program(script, in: folder),
                workspace: folder,
                logger: quiet,
                grace: grace,
                patience: patience,
                catchUp: {}
            )
            try await run([rebuild]) { _ in try await body(rebuild) }
        }
    }

    /// The path of a program that does what `script` says.
    private func program(_ script: String, in folder: URL) throws -> String {
        let program = folder.appendingPathComponent("index")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: program.path
        )
        return program.path
    }

    /// Starts a build, waits until it says something, and cancels it.
    private func cancelOne(_ rebuild: Rebuild) async throws {
        let messages = try rebuild.start(RebuildRequest())
        let (words, heard) = AsyncStream.makeStream(of: Void.self)
        let listener = Task {
            for try await _ in messages {
                heard.yield()
            }
        }
        for await _ in words { break }
        listener.cancel()
        _ = await listener.result
    }

    /// What a build says, to its end.
    private func build(_ rebuild: Rebuild) async throws -> [RebuildProgress] {
        var messages: [RebuildProgress] = []
        for try await message in try rebuild.start(RebuildRequest()) {
            messages.append(try RebuildProgress(serializedBytes: message))
        }
        return messages
    }

    @Test func `when it ends, what it built is served`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            let (current, next) = (circle.folder.currentFile, folder.appendingPathComponent("x"))
            try circle.publish()
            let first = try Data(contentsOf: current)
            try circle.publish()
            try FileManager.default.moveItem(at: current, to: next)
            try first.write(to: current)
            let script = """
                mv '\(next.path)' '\(current.path)'
                echo '{"generation": 2, "recall": 1}'
                """
            let program = try program(script, in: folder)
            // It looks once, and then not for an hour.
            try await withService(
                in: folder,
                interval: .seconds(3600),
                rebuildingBy: program
            ) { client, state in
                try #require(try await eventually { state.served?.generation.number == 1 })
                for try await _ in try await client.rebuild() {}
                #expect(state.served?.generation.number == 2)
            }
        }
    }

    @Test(arguments: ["sleep 0.3; exit 1", "exit 0"])
    func `right after one was cancelled the next one is built`(ending: String) async throws {
        try await withRebuild(Self.worker(ending: ending)) { rebuild in
            try await cancelOne(rebuild)
            #expect(try await build(rebuild).last?.generation == 2)
        }
    }

    @Test func `one that does not end when it is asked to is killed`() async throws {
        try await withRebuild(Self.worker(ending: ""), grace: .milliseconds(100)) { rebuild in
            try await cancelOne(rebuild)
            #expect(try await build(rebuild).last?.generation == 2)
        }
    }

    @Test func `where the cancelled one takes too long to end, that is said`() async throws {
        let worker = Self.worker(ending: "sleep 1; exit 1")
        try await withRebuild(worker, patience: .milliseconds(100)) { rebuild in
            try await cancelOne(rebuild)
            let error = await #expect(throws: CallError.self) { _ = try await build(rebuild) }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.message.contains("is still ending; try again in a second") == true)
        }
    }

    @Test func `while one is at work another is refused at once`() async throws {
        try await withRebuild(Self.worker(ending: "exit 1")) { rebuild in
            var first = try rebuild.start(RebuildRequest()).makeAsyncIterator()
            _ = try await first.next()
            let error = await #expect(throws: CallError.self) { _ = try await build(rebuild) }
            #expect(error?.code == .failedPrecondition)
            #expect(error?.message.contains("at work already") == true)
        }
    }

    @Test func `when the daemon stops, so does the build, and says why`() async throws {
        let listener = Mutex<Task<Void, any Error>?>(nil)
        try await withRebuild(Self.worker(ending: "exit 1")) { rebuild in
            let messages = try rebuild.start(RebuildRequest())
            var iterator = messages.makeAsyncIterator()
            _ = try await iterator.next()
            let rest = Task { for try await _ in messages {} }
            listener.withLock { $0 = rest }
        }
        let rest = try #require(listener.withLock { $0 })
        await #expect(throws: CallError.draining) { try await rest.value }
    }

    @Test(arguments: [
        (
            "Error: cannot write /w/x: No space left on device; make room there, and try again",
            "exit 1", StatusCode.resourceExhausted,
            "cannot write /w/x: No space left on device; make room there, and try again"
        ),
        ("Error: no embeddings; embed first", "exit 1", .internal, "no embeddings; embed first"),
        ("ho", "exit 3", .internal, "corkboard index ended with code 3: ho"),
        ("ho", "kill -KILL $$", .internal, "corkboard index was ended by signal 9, after: ho"),
    ])
    func `a build that fails says why, once`(
        words: String,
        end: String,
        code: StatusCode,
        message: String
    ) async throws {
        try await withRebuild("echo hey >&2; echo '\(words)' >&2; \(end)") { rebuild in
            var heard: [String] = []
            let error = await #expect(throws: CallError.self) {
                for try await message in try rebuild.start(RebuildRequest()) {
                    heard.append(try RebuildProgress(serializedBytes: message).message)
                }
            }
            #expect(error == CallError(code, message))
            #expect(heard == (words.hasPrefix("Error") ? ["hey"] : ["hey", "ho"]))
        }
    }
}
