import Foundation
import RetrievalClient
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// The whole daemon, each time in a process of its own.
struct DaemonTests {
    @Test func `the daemon says READY, answers, and ends in peace on SIGTERM`() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                try Circle(in: folder).publish()
                var configuration = DaemonConfiguration()
                configuration.workspace = folder.path
                let lines = Mutex<[String]>([])
                async let end: Void = Daemon(configuration, logger: quiet).run { line in
                    lines.withLock { $0.append(line) }
                }
                try #require(try await eventually { lines.withLock { !$0.isEmpty } })
                let socket = folder.path + "/corkboardd.sock"
                let expected = "READY socket=\(socket) generation=1 items=60"
                try #require(lines.withLock { $0 } == [expected])
                let client = RetrievalClient(socket: socket)
                try #require(try await client.health().state == .serving)
                kill(getpid(), SIGTERM)
                try await end
                try #require(!FileManager.default.fileExists(atPath: socket))
            }
        }
    }

    @Test func `a second daemon ends with 75, and the first is undisturbed`() async throws {
        try await withTemporaryFolder { folder in
            try Circle(in: folder).publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                let path = folder.path
                await #expect(processExitsWith: .exitCode(75)) { [path = path as String] in
                    var configuration = DaemonConfiguration()
                    configuration.workspace = path
                    configuration.socket = path + "/s"
                    do {
                        try await Daemon(configuration, logger: quiet).run { _ in }
                    } catch let error as RetrievalServerError {
                        exit(error.exitCode)
                    }
                }
                #expect(try await client.health().state == .serving)
                await client.close()
                #expect(try await client.health().state == .serving)
            }
        }
    }

    @Test func `a workspace that is missing is named, with the next step`() async {
        var configuration = DaemonConfiguration()
        configuration.workspace = "/nonexistent"
        let daemon = Daemon(configuration, logger: quiet)
        let error = await #expect(throws: RetrievalServerError.self) {
            try await daemon.run { _ in }
        }
        #expect(error?.exitCode == 78)
        #expect(error?.description.contains("corkboard import -w /nonexistent") == true)
        #expect(error?.description.contains("import-embeddings -w /nonexistent") == true)
    }
}
