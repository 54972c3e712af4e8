import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Clients that ask faster than they read, or than the server works (rule D7).
struct BackPressureTests {
    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    /// Requests with ids 1, 3, 5 ...
    private func requests(_ count: Int) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        for number in 0..<count {
            bytes.write(try request(UInt32(2 * number + 1)))
        }
        return bytes
    }

    @Test func `answers that nobody reads stop the work, and reading them resumes it`() async throws
    {
        try await withTemporaryFolder { folder in
            let (count, size) = (1000, 64 << 10)
            let asked = Atomic(0)
            let answer: Answer = { _, _ in
                asked.add(1, ordering: .relaxed)
                return .now(.success([UInt8](repeating: 0, count: size)))
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = try await SilentClient(at: path(in: folder))
                client.send(try requests(count))
                // More than these 8 MiB lie in the server and in the buffers of the socket alone.
                let least = Limits.unsentBytes / size
                try #require(
                    try await eventually { asked.load(ordering: .relaxed) >= least }
                )
                try await Task.sleep(for: .milliseconds(100))
                #expect(asked.load(ordering: .relaxed) < 2 * least)
                client.read()
                #expect(try await eventually { client.frames == count })
                #expect(asked.load(ordering: .relaxed) == count)
                try await client.close()
            }
        }
    }

    @Test func `of a thousand calls at once 256 are in flight`() async throws {
        try await withTemporaryFolder { folder in
            let running = Mutex<[EventLoopPromise<CallResult>]>([])
            let answer: Answer = { _, loop in
                let promise = loop.makePromise(of: CallResult.self)
                running.withLock { $0.append(promise) }
                return .later(promise.futureResult)
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = try await SilentClient(at: path(in: folder))
                client.read()
                client.send(try requests(1000))
                var answered = 0
                while answered < 1000 {
                    let most = min(256, 1000 - answered)
                    try #require(
                        try await eventually { running.withLock { $0.count } == most }
                    )
                    try await Task.sleep(for: .milliseconds(10))
                    let promises = running.withLock { running in
                        defer { running.removeAll() }
                        return running
                    }
                    #expect(promises.count == most)
                    answered += promises.count
                    promises.forEach { $0.succeed(.success([])) }
                    try #require(try await eventually { client.frames == answered })
                }
                try await client.close()
            }
        }
    }

    @Test func `the time of a frame does not run while its client is held`() async throws {
        try await withTemporaryFolder { folder in
            let running = Mutex<[EventLoopPromise<CallResult>]>([])
            let answer: Answer = { _, loop in
                let promise = loop.makePromise(of: CallResult.self)
                running.withLock { $0.append(promise) }
                return .later(promise.futureResult)
            }
            let path = path(in: folder)
            try await withServer(at: path, frameTime: .seconds(2), answer: answer) { _ in
                let client = try await SilentClient(at: path)
                client.read()
                // 256 calls hold it, with half a frame behind them.
                var bytes = try requests(257)
                let all = bytes.readableBytes
                let last = try request(UInt32(2 * 256 + 1)).body.readableBytes
                guard let first = bytes.readSlice(length: all - last / 2) else { return }
                client.send(first)
                try #require(try await eventually { running.withLock { $0.count } == 256 })
                try await Task.sleep(for: .milliseconds(2_500))
                running.withLock { $0 }.forEach { $0.succeed(.success([])) }
                try #require(try await eventually { client.frames == 256 })
                client.send(bytes)
                try #require(try await eventually { running.withLock { $0.count } == 257 })
                running.withLock { $0[256] }.succeed(.success([]))
                #expect(try await eventually { client.frames == 257 })
                try await client.close()
            }
        }
    }

    @Test func `requests held at the end of the input are answered all the same`() async throws {
        try await withTemporaryFolder { folder in
            let answer: Answer = { _, loop in
                let soon = loop.scheduleTask(in: .milliseconds(5)) { CallResult.success([]) }
                return .later(soon.futureResult)
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let frames = try await exchange(try requests(600), at: path(in: folder))
                #expect(Set(frames.map(\.streamID)).count == 600)
            }
        }
    }

    @Test func `a client that reads nothing for too long is cut off`() async throws {
        try await withTemporaryFolder { folder in
            let answer: Answer = { _, _ in .now(.success([UInt8](repeating: 0, count: 1 << 20))) }
            try await withServer(
                at: path(in: folder),
                patience: .milliseconds(50),
                answer: answer
            ) { _ in
                let client = try await SilentClient(at: path(in: folder))
                client.send(try requests(100))
                #expect(try await eventually { client.isClosed })
            }
        }
    }

    /// The first answer that the kernel refuses (EPIPE) closes the connection, in the midst of what
    /// had come on it.
    @Test func `for a client that takes no answers no more is worked`() async throws {
        try await withTemporaryFolder { folder in
            let (count, size) = (1000, 64 << 10)
            let asked = Atomic(0)
            let answer: Answer = { _, _ in
                asked.add(1, ordering: .relaxed)
                return .now(.success([UInt8](repeating: 0, count: size)))
            }
            let telemetry = Telemetry()
            try await withServer(
                at: path(in: folder),
                patience: .seconds(60),  // which would close it, too
                telemetry: telemetry,
                answer: answer
            ) { _ in
                let client = try StreamSocket(to: path(in: folder))
                shutdown(client.descriptor, Int32(SHUT_RD))
                try client.send(Array(requests(count).readableBytesView))
                try #require(
                    try await eventually {
                        telemetry.connections.acceptedCount == 1
                            && telemetry.connections.openCount == 0
                    }
                )
                let work = asked.load(ordering: .relaxed)
                #expect(work <= Limits.unsentBytes / size + 1)
                try await Task.sleep(for: .milliseconds(100))
                #expect(asked.load(ordering: .relaxed) == work)
                withExtendedLifetime(client) {}
            }
        }
    }

    @Test func `a client that reads slowly is served to the end`() async throws {
        try await withTemporaryFolder { folder in
            let answer: Answer = { _, _ in .now(.success([UInt8](repeating: 0, count: 1 << 20))) }
            try await withServer(
                at: path(in: folder),
                patience: .seconds(3),
                answer: answer
            ) { _ in
                let client = try await SilentClient(at: path(in: folder))
                client.send(try requests(24))
                let clock = ContinuousClock()
                let start = clock.now
                while clock.now - start < .milliseconds(4500) {
                    client.readOnce()
                    try await Task.sleep(for: .milliseconds(50))
                }
                client.read()
                #expect(try await eventually { client.frames == 24 })
                try await client.close()
            }
        }
    }
}
