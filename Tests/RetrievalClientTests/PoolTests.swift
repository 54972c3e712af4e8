import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalClient

/// Several connections, lost ones, and servers of strangers.
struct PoolTests {
    private let silent: FakeServer.Script = { request, id in
        request.method == "Health" ? [empty(id)] : []
    }

    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    @Test(arguments: [1, 3])
    func `as many connections are opened as there are calls, up to the most`(
        most: Int
    ) async throws {
        try await withTemporaryFolder { folder in
            try await FakeServer(silent).listen(at: path(in: folder)) { server in
                let client = RetrievalClient(socket: path(in: folder), connections: most)
                // One after the other they share a connection.
                for _ in 0..<5 { _ = try await client.health() }
                #expect(server.connections == 1)
                let calls = (0..<6).map { _ in Task { try await client.info() } }
                #expect(try await eventually { server.methods.count == 5 + 6 })
                #expect(server.connections == most)
                await client.close()
                for call in calls {
                    await #expect(throws: RetrievalClientError.self) { try await call.value }
                }
            }
        }
    }

    @Test func `a call goes to the connection with the fewest`() throws {
        let pool = ConnectionPool(size: 2)
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        var states: [ConnectionState] = []
        func take() -> Int {
            _ = pool.take { state in
                states.append(state)
                return loop.makeFailedFuture(NotSent(loss: .cancelled))  // nobody looks
            }
            return states.map(\.load).reduce(0, +)
        }
        #expect(take() == 1 && states.count == 1)
        #expect(take() == 2 && states.count == 2)
        #expect(take() == 3 && take() == 4)
        #expect(states.map(\.load) == [2, 2])
        states[1].end()
        #expect(take() == 4 && states.map(\.load) == [2, 2])
        states[0].retire()
        #expect(take() == 5 && states.count == 3)
        states[1].lose()
        #expect(take() == 6 && states.count == 4)
    }

    @Test func `a server that comes late is waited for`() async throws {
        try await withTemporaryFolder { folder in
            let client = RetrievalClient(socket: path(in: folder))
            let call = Task { try await client.health() }
            try await Task.sleep(for: .milliseconds(50))
            try await FakeServer(silent).listen(at: path(in: folder)) { _ in
                _ = try await call.value
            }
            await client.close()
        }
    }

    @Test func `a call that was sent is not sent again`() async throws {
        try await withTemporaryFolder { folder in
            try await FakeServer { _, _ in nil }.listen(at: path(in: folder)) { server in
                let client = RetrievalClient(socket: path(in: folder))
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.health()
                }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("before it answered") == true)
                #expect(server.requests.count == 1)
                await client.close()
            }
        }
    }

    @Test func `pauses double up to the longest, and end with the tries`() {
        var reconnection = Reconnection()
        reconnection.tries = 5
        reconnection.firstPause = .milliseconds(20)
        reconnection.longestPause = .milliseconds(70)
        let pauses = (1...6).map { reconnection.pause(before: $0, chance: 0) }
        #expect(pauses == [0, 20, 40, 70, 70].map { .milliseconds($0) } + [nil])
        #expect(reconnection.pause(before: 2, chance: 1) == .milliseconds(10))
        reconnection.tries = 1000
        #expect(reconnection.pause(before: 999, chance: 0) == .milliseconds(70))
    }

    @Test func `a pause that outlasts the call is not begun`() async throws {
        try await withTemporaryFolder { folder in
            var reconnection = Reconnection()
            reconnection.firstPause = .seconds(3600)
            reconnection.longestPause = .seconds(3600)
            let client = RetrievalClient(
                socket: path(in: folder),
                timeout: .seconds(600),
                reconnection: reconnection
            )
            let start = ContinuousClock.now
            let error = await #expect(throws: RetrievalClientError.self) {
                try await client.health()
            }
            #expect(error?.code == .unavailable)
            #expect(ContinuousClock.now - start < .seconds(600))
        }
    }

    // MARK: - Whose server it is

    @Test func `a server of a user who is not trusted is told nothing`() async throws {
        try await withTemporaryFolder { folder in
            try await FakeServer(silent).listen(at: path(in: folder)) { server in
                let stranger = RetrievalClient(
                    socket: path(in: folder),
                    serverUsers: [4_000_000]
                )
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await stranger.health()
                }
                #expect(error?.code == .permissionDenied)
                #expect(error?.message.contains("runs as user \(geteuid())") == true)
                #expect(server.requests.isEmpty)
                let known = RetrievalClient(socket: path(in: folder), serverUsers: [geteuid()])
                _ = try await known.health()
                await known.close()
                await stranger.close()
            }
        }
    }

    @Test func `by default oneself, root and the owner of the folder are trusted`() throws {
        try withTemporaryFolder { folder in
            #expect(ServerUsers.trusted(at: path(in: folder)) == [geteuid(), 0])
            // Only root may give a folder away.
            if unsafe chown(folder.path, 4_000_001, gid_t.max) == 0 {
                #expect(ServerUsers.trusted(at: path(in: folder)).contains(4_000_001))
                // Who nobody knows, as it looks from another user namespace.
                #expect(unsafe chown(folder.path, nobody, gid_t.max) == 0)
                #expect(!ServerUsers.trusted(at: path(in: folder)).contains(nobody))
            }
        }
    }
}
