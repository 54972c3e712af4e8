import Foundation
import NIOCore
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Calls that are ended before they are answered, and calls answered by a stream.
struct CallsInFlightTests {
    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    /// Never answers, and remembers who asked.
    private final class Silence: Sendable {
        let promises = Mutex<[EventLoopPromise<CallResult>]>([])
        let calls = Mutex<[PendingCall]>([])

        func answer(_ pending: PendingCall, on loop: any EventLoop) -> Reply {
            let promise = loop.makePromise(of: CallResult.self)
            promises.withLock { $0.append(promise) }
            calls.withLock { $0.append(pending) }
            return .later(promise.futureResult)
        }

        /// Answers, when nobody should hear it any longer.
        func end() {
            for promise in promises.withLock({ $0 }) {
                promise.succeed(.success([UInt8]("late".utf8)))
            }
        }
    }

    private func cancel(_ victim: UInt32, on streamID: UInt32) throws -> Frame {
        var message = CancelRequest()
        message.streamID = victim
        var request = TTRPCRequest()
        request.service = "corkboard.v1.Control"
        request.method = "Cancel"
        request.payload = try message.serializedData()
        return try Frame.request(request, on: streamID)
    }

    private func wasCancelled(_ frame: Frame) throws -> Bool {
        try CancelResponse(serializedBytes: try frame.result().get()).cancelled
    }

    @Test func `a call is cancelled by another on its connection, and answered once`() async throws
    {
        try await withTemporaryFolder { folder in
            let silence = Silence()
            try await withServer(at: path(in: folder), answer: silence.answer) { _ in
                let sent = bytes(try request(1), try cancel(1, on: 3), try cancel(1, on: 5))
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.map(\.streamID) == [1, 3, 5])
                #expect(try frames[0].result() == .failure(.cancelled))
                #expect(try wasCancelled(frames[1]))
                #expect(try !wasCancelled(frames[2]))
                #expect(silence.calls.withLock { $0[0].isCancelled })
            }
            silence.end()
        }
    }

    @Test func `no call cancels itself, nor one of another connection`() async throws {
        try await withTemporaryFolder { folder in
            let silence = Silence()
            try await withServer(at: path(in: folder), answer: silence.answer) { _ in
                let other = try await SilentClient(at: path(in: folder))
                other.send(bytes(try request(1)))
                try #require(try await eventually { !silence.calls.withLock { $0.isEmpty } })
                let frames = try await exchange(
                    bytes(try cancel(3, on: 3), try cancel(1, on: 5)),
                    at: path(in: folder)
                )
                #expect(try frames.map(wasCancelled) == [false, false])
                #expect(silence.calls.withLock { !$0[0].isCancelled })
                silence.end()
                try await other.close()
            }
        }
    }

    @Test func `a deadline is kept though the work goes on`() async throws {
        try await withTemporaryFolder { folder in
            let silence = Silence()
            try await withServer(at: path(in: folder), answer: silence.answer) { _ in
                let start = ContinuousClock.now
                let frames = try await exchange(
                    bytes(try request(1, timeout: 50_000_000)),
                    at: path(in: folder)
                )
                #expect(ContinuousClock.now - start >= .milliseconds(50))
                #expect(try frames.map { try $0.result() } == [.failure(.deadlineExceeded)])
                #expect(silence.calls.withLock { $0[0].isCancelled })
            }
            silence.end()
        }
    }

    @Test func `a frame that has begun has to end in time, and an idle client may wait`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let time = Duration.milliseconds(100)
            try await withServer(
                at: path(in: folder),
                frameTime: time,
                answer: { _, _ in .now(.success([])) }
            ) { _ in
                let whole = bytes(try request(1))
                let half = try #require(whole.getSlice(at: 0, length: 12))
                let idle = try await SilentClient(at: path(in: folder))
                let slow = try await SilentClient(at: path(in: folder))
                slow.send(half)
                #expect(try await eventually { slow.isClosed })
                #expect(!idle.isClosed)
                idle.read()
                idle.send(whole)
                #expect(try await eventually { idle.frames == 1 })
                try await idle.close()
            }
        }
    }

    @Test func `a byte now and then does not make a frame's time longer`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(
                at: path(in: folder),
                frameTime: .milliseconds(200),
                answer: { _, _ in .now(.success([])) }
            ) { _ in
                let whole = bytes(try request(1))
                let client = try await SilentClient(at: path(in: folder))
                let start = ContinuousClock.now
                for place in 0..<whole.readableBytes where !client.isClosed {
                    client.send(try #require(whole.getSlice(at: place, length: 1)))
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(client.isClosed)
                #expect(ContinuousClock.now - start < .seconds(20))
            }
        }
    }

    // MARK: - Streams

    private func rebuild(_ streamID: UInt32) throws -> Frame {
        var request = TTRPCRequest()
        request.service = "corkboard.v1.Control"
        request.method = "Rebuild"
        return try Frame.request(request, on: streamID)
    }

    @Test func `a stream sends its messages, and ends with a data frame without any`() async throws
    {
        try await withTemporaryFolder { folder in
            let answer: Answer = { _, _ in
                .stream(
                    AsyncThrowingStream { messages in
                        for message in ["a", "", "c"] {
                            messages.yield([UInt8](message.utf8))
                        }
                        messages.finish()
                    }
                )
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let frames = try await exchange(bytes(try rebuild(1)), at: path(in: folder))
                #expect(frames.map(\.type) == [.data, .data, .data, .data])
                #expect(frames.map(\.flags.rawValue) == [0, 0, 0, 5])
                #expect(frames.map { String(buffer: $0.body) } == ["a", "", "c", ""])
            }
        }
    }

    @Test func `a stream that fails ends with a response, after what it had sent`() async throws {
        try await withTemporaryFolder { folder in
            let error = CallError(.dataLoss, "the rest is gone")
            let answer: Answer = { _, _ in
                .stream(
                    AsyncThrowingStream { messages in
                        messages.yield([UInt8]("a".utf8))
                        messages.finish(throwing: error)
                    }
                )
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let frames = try await exchange(bytes(try rebuild(1)), at: path(in: folder))
                #expect(frames.map(\.type) == [.data, .response])
                #expect(try frames.last?.result() == .failure(error))
            }
        }
    }

    @Test func `a stream that nobody hears any longer is ended`() async throws {
        try await withTemporaryFolder { folder in
            let isOver = Atomic(false)
            let answer: Answer = { _, _ in
                .stream(
                    AsyncThrowingStream { messages in
                        messages.onTermination = { _ in isOver.store(true, ordering: .relaxed) }
                        messages.yield([UInt8]("a".utf8))
                    }
                )
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = try await SilentClient(at: path(in: folder))
                client.read()
                client.send(bytes(try rebuild(1)))
                try #require(try await eventually { client.frames == 1 })
                let wasOver = isOver.load(ordering: .relaxed)
                #expect(!wasOver)
                client.send(bytes(try cancel(1, on: 3)))
                #expect(try await eventually { client.frames == 3 })
                let isOverNow = try await eventually { isOver.load(ordering: .relaxed) }
                #expect(isOverNow)
                try await client.close()
            }
        }
    }
}
