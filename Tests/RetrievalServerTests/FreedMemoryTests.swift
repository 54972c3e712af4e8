import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// What becomes of the memory of answers that nobody read.
struct FreedMemoryTests {
    @Test func `it is handed back once for all who ask within a while`() async throws {
        let times = Atomic(0)
        let memory = FreedMemory(pause: .milliseconds(200)) {
            times.wrappingAdd(1, ordering: .relaxed)
        }
        for _ in 0..<100 { memory.add(FreedMemory.large) }
        #expect(times.load(ordering: .relaxed) == 0)
        #expect(try await eventually { times.load(ordering: .relaxed) == 1 })
        for _ in 0..<100 { memory.add(FreedMemory.large) }
        #expect(try await eventually { times.load(ordering: .relaxed) == 2 })
        try await Task.sleep(for: .milliseconds(400))
        #expect(times.load(ordering: .relaxed) == 2)
    }

    /// Two hundred that had half a megabyte each left as much as a few that had much.
    @Test(arguments: [(1, 1, 1), (1, 2, 0), (2, 2, 1), (200, 2, 1)])
    func `it is after connections that had much to read together`(
        connections: Int,
        part: Int,
        wanted: Int
    ) async throws {
        let times = Atomic(0)
        let freed = FreedMemory(pause: .milliseconds(100)) {
            times.wrappingAdd(1, ordering: .relaxed)
        }
        let all = Backlog(freed: freed)
        for _ in 0..<connections {
            ConnectionBacklog(of: all).close(most: FreedMemory.large / part)
        }
        try await Task.sleep(for: .milliseconds(500))
        #expect(times.load(ordering: .relaxed) == wanted)
    }

    /// Forty clients ask for 6 MiB each, in answers that are small enough for the library's heaps,
    /// and never read; when they had gone, almost all of it was resident for as long as the daemon ran.
    @Test func `it is resident no longer when clients that never read have gone`() async {
        // A process of its own: its memory is what this is about.
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                let path = folder.appendingPathComponent("s").path
                let answer: Answer = { _, _ in
                    .now(.success([UInt8](repeating: 0, count: 60 << 10)))
                }
                try await withServer(at: path, answer: answer) { _ in
                    let before = try FreedMemoryTests.resident()
                    var clients: [SilentClient] = []
                    for _ in 0..<40 {
                        let client = try await SilentClient(at: path)
                        var requests = ByteBuffer()
                        for number in 0..<UInt32(100) {
                            requests.write(try request(2 * number + 1))
                        }
                        client.send(requests)
                        clients.append(client)
                    }
                    let taken = 150 << 20
                    try #require(
                        try await eventually { try FreedMemoryTests.resident() - before > taken }
                    )
                    for client in clients { try await client.close() }
                    try #require(
                        try await eventually { try FreedMemoryTests.resident() - before < 40 << 20 }
                    )
                }
            }
        }
    }

    /// Bytes of memory of its own.
    private static func resident() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1])) << 10
    }
}
