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

    @Test func `clients that read nothing are cut off, and one that reads is served`() async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            // Three answers stay below a connection's own limit; those of all exceed the common one.
            let size = 2 << 20
            let silent = Limits.totalUnsentBytes / (3 * size) + 10
            let answer: Answer = { _, _ in .now(.success(Data(count: size))) }
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
