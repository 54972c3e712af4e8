import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Many clients that read nothing, each within its own limit.
struct BacklogTests {
    @Test func `a backlog is full above its limit, and only those who have part in it wait`() {
        let all = Backlog()
        let (one, other, reader) = (
            ConnectionBacklog(of: all), ConnectionBacklog(of: all), ConnectionBacklog(of: all)
        )
        one.set(Limits.totalUnsentBytes)
        #expect(!one.isToWait)
        other.set(1)
        #expect(one.isToWait && other.isToWait && !reader.isToWait)
        one.set(0)
        #expect(!other.isToWait)
        other.set(0)
        #expect(!all.isFull)
    }

    /// The room is made by another client's end, of which those who are held hear nothing.
    @Test func `a client that was held goes on when another has made room`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let size = 3 << 20
            let large: Answer = { pending, _ in
                let isLarge = pending.call.method == .health
                return .now(.success([UInt8](repeating: 0, count: isLarge ? size : 1)))
            }
            try await withServer(at: path, answer: large) { _ in
                var others: [SilentClient] = []
                for _ in 0..<(Limits.totalUnsentBytes / (2 * size) + 10) {
                    let client = try await SilentClient(at: path)
                    client.send(bytes(try request(1), try request(3)))
                    others.append(client)
                }
                let held = try await SilentClient(at: path)
                held.send(bytes(try request(1)))
                try await Task.sleep(for: .milliseconds(500))
                held.send(bytes(try request(3, method: "Info"), try request(5, method: "Info")))
                try await Task.sleep(for: .milliseconds(200))
                for other in others where !other.isClosed {
                    try? await other.close()
                }
                held.read()
                #expect(try await eventually { held.frames == 3 })
                try await held.close()
            }
        }
    }

    @Test func `clients that read nothing are cut off, and one that reads is served`() async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            // Three answers stay below a connection's own limit; those of all exceed the common one.
            let size = 2 << 20
            let silent = Limits.totalUnsentBytes / (3 * size) + 10
            let answer: Answer = { _, _ in .now(.success([UInt8](repeating: 0, count: size))) }
            try await withServer(at: path, patience: .milliseconds(300), answer: answer) { _ in
                var clients: [SilentClient] = []
                for _ in 0..<silent {
                    let client = try await SilentClient(at: path)
                    client.send(bytes(try request(1), try request(3), try request(5)))
                    clients.append(client)
                }
                #expect(try await eventually { clients.contains { $0.isClosed } })
                let frames = try await exchange(bytes(try request(1)), at: path)
                #expect(frames.count == 1)
                for client in clients where !client.isClosed {
                    try? await client.close()
                }
            }
        }
    }
}
