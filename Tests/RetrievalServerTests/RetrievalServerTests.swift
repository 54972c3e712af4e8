import Foundation
import NIOCore
import Reactor
import RetrievalClient
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// The server on a real socket, with answers made up by the tests.
struct RetrievalServerTests {
    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    private static let echo: Answer = { pending, _ in
        .now(.success([UInt8]("\(pending.call.streamID)".utf8)))
    }

    @Test func `calls sent together are answered in order, then the socket closes`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                let sent = bytes(try request(1), try request(3), try request(9))
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.map(\.streamID) == [1, 3, 9])
                let answers = try frames.map { try $0.result() }
                #expect(answers == ["1", "3", "9"].map { .success([UInt8]($0.utf8)) })
            }
            #expect(!FileManager.default.fileExists(atPath: path(in: folder)))
        }
    }

    @Test func `a client reaches a server at the longest path that Linux allows`() async throws {
        try await withTemporaryFolder { folder in
            let base = folder.path + "/"
            let path = base + String(repeating: "x", count: 107 - base.utf8.count)
            try await withServer(at: path, answer: Self.echo) { _ in
                let client = RetrievalClient(socket: path)
                let answer = try await client.call(
                    service: Method.Service.retrieval.rawValue,
                    method: "Info",
                    payload: Data()
                )
                #expect(answer == [UInt8]("1".utf8))
                await client.close()
            }
        }
    }

    @Test func `a frame cut short at any byte ends the connection unanswered`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                let whole = bytes(try request(1))
                for length in 0..<whole.readableBytes {
                    let part = try #require(whole.getSlice(at: 0, length: length))
                    #expect(try await exchange(part, at: path(in: folder)).isEmpty)
                }
                #expect(try await exchange(whole, at: path(in: folder)).count == 1)
            }
        }
    }

    @Test func `an oversized frame is answered and the next call works`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                var sent = ByteBuffer(bytes: [0, 0x40, 0, 1, 0, 0, 0, 1, 1, 0])
                sent.writeRepeatingByte(0xFF, count: (4 << 20) + 1)
                sent.write(try request(3))
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.map(\.streamID) == [1, 3])
                guard case .failure(let error) = try frames.first?.result() else {
                    Issue.record("the oversized frame was accepted")
                    return
                }
                #expect(error.code == .resourceExhausted)
            }
        }
    }

    @Test func `a header of 2^32 - 1 bytes is answered and the connection closed`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                let sent = ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 1, 0])
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.map(\.streamID) == [1])
            }
        }
    }

    @Test func `data on a running call cancels it, with one answer on the wire`() async throws {
        try await withTemporaryFolder { folder in
            let seen = Mutex<[PendingCall]>([])
            let answer: Answer = { pending, loop in
                guard pending.call.streamID == 1 else { return .now(.success([])) }
                seen.withLock { $0.append(pending) }
                let late = loop.scheduleTask(in: .milliseconds(50)) {
                    CallResult.success([1])
                }
                return .later(late.futureResult)
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let data = Frame(streamID: 1, type: .data, flags: [.remoteClosed, .noData])
                let sent = bytes(try request(1), data, try request(3))
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.map(\.streamID) == [1, 3])
                #expect(seen.withLock { $0.map(\.isCancelled) } == [true])
            }
        }
    }

    @Test func `an answer above 4 MiB fails its call and no other`() async throws {
        try await withTemporaryFolder { folder in
            let answer: Answer = { pending, _ in
                let size = pending.call.method == .get ? (4 << 20) + 1 : 3
                return .now(.success([UInt8](repeating: 0, count: size)))
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = RetrievalClient(socket: path(in: folder))
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.get(itemIDs: ["a"])
                }
                #expect(error?.code == .resourceExhausted)
                let raw = try await client.call(
                    service: Method.Service.retrieval.rawValue,
                    method: "Health",
                    payload: Data()
                )
                #expect(raw.count == 3)
                await client.close()
            }
        }
    }

    @Test func `while a server drains, running calls end, new ones are refused`() async throws {
        try await withTemporaryFolder { folder in
            let running = Mutex<EventLoopPromise<CallResult>?>(nil)
            let answer: Answer = { pending, loop in
                guard pending.call.method == .info else { return .now(.success([])) }
                let promise = loop.makePromise(of: CallResult.self)
                running.withLock { $0 = promise }
                return .later(promise.futureResult)
            }
            try await withServer(at: path(in: folder), answer: answer) { group in
                let client = RetrievalClient(socket: path(in: folder))
                async let slow = client.call(
                    service: Method.Service.retrieval.rawValue,
                    method: "Info",
                    payload: Data()
                )
                try #require(try await eventually { running.withLock { $0 != nil } })
                await group.triggerGracefulShutdown()
                let refusal = try await firstFailure { () async throws(RetrievalClientError) in
                    _ = try await client.health()
                }
                #expect(refusal == RetrievalClientError(.unavailable, "draining"))
                #expect(!FileManager.default.fileExists(atPath: path(in: folder)))
                running.withLock { $0?.succeed(.success([7])) }
                let answer = try await slow
                #expect(answer == [7])
                await client.close()
            }
        }
    }

    @Test func `what had come before a server drains is answered`() async throws {
        try await withTemporaryFolder { folder in
            let count = 3_000
            let hasBegun = Flag()
            let go = DispatchSemaphore(value: 0)
            let answer: Answer = { _, _ in
                if hasBegun.raise() {
                    go.wait()
                }
                return .now(.success([]))
            }
            var bytes = ByteBuffer()
            for number in 0..<count {
                bytes.write(try request(UInt32(2 * number + 1)))
            }
            let reactors = try ReactorGroup(threads: 1)
            try await withServer(at: path(in: folder), on: reactors, answer: answer) { group in
                let client = try await SilentClient(at: path(in: folder))
                client.read()
                // More than one read takes; all of it lies in the socket when the end comes.
                try await client.write(bytes)
                try #require(try await eventually { hasBegun.isRaised })
                await group.triggerGracefulShutdown()
                try await Task.sleep(for: .milliseconds(50))
                go.signal()
                #expect(try await eventually { client.isClosed })
                #expect(client.frames == count)
            }
            await reactors.close()
        }
    }

    @Test func `draining does not wait for ever`() async throws {
        try await withTemporaryFolder { folder in
            let started = Mutex(0)
            let answer: Answer = { _, loop in
                started.withLock { $0 += 1 }
                let slow = loop.scheduleTask(in: .seconds(60)) { CallResult.success([]) }
                return .later(slow.futureResult)
            }
            let drainTime = Duration.milliseconds(20)
            let clock = ContinuousClock()
            var stopped = clock.now
            try await withServer(
                at: path(in: folder),
                drainTime: drainTime,
                answer: answer
            ) { group in
                let client = RetrievalClient(socket: path(in: folder))
                let cut = Task {
                    try await client.call(
                        service: Method.Service.retrieval.rawValue,
                        method: "Info",
                        payload: Data()
                    )
                }
                try #require(try await eventually { started.withLock { $0 } == 1 })
                stopped = clock.now
                await group.triggerGracefulShutdown()
                let error = await #expect(throws: RetrievalClientError.self) { try await cut.value }
                #expect(error?.code == .unavailable)
            }
            // Far above the drain time, for a busy machine, and far below the answer's.
            #expect(clock.now - stopped < .seconds(20))
        }
    }

    @Test func `a silent server fails a call at its deadline`() async throws {
        try await withTemporaryFolder { folder in
            let answer: Answer = { _, loop in
                let slow = loop.scheduleTask(in: .milliseconds(300)) {
                    CallResult.success([])
                }
                return .later(slow.futureResult)
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = RetrievalClient(
                    socket: path(in: folder),
                    timeout: .milliseconds(20)
                )
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.health()
                }
                #expect(error?.code == .deadlineExceeded)
                await client.close()
            }
        }
    }

    @Test func `a client connects again after its server was replaced`() async throws {
        try await withTemporaryFolder { folder in
            let client = RetrievalClient(socket: path(in: folder))
            for _ in 0..<3 {
                try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                    let answered = try await eventually {
                        let call = try? await client.call(
                            service: Method.Service.retrieval.rawValue,
                            method: "Info",
                            payload: Data()
                        )
                        return call != nil
                    }
                    #expect(answered)
                }
            }
            await client.close()
        }
    }

    @Test func `the largest timeout is in the future, and a past one ends the call`() {
        let call = Call(
            streamID: 1,
            method: .get,
            payload: [],
            timeout: .nanoseconds(Int64.max)
        )
        let now = NIODeadline.now()
        let pending = PendingCall(call, of: .anybody, receivedAt: now)
        #expect(throws: Never.self) { try pending.checkIsWanted() }
        #expect(throws: CallError.deadlineExceeded) {
            try pending.checkIsWanted(now: now + .hours(2))
        }
        pending.cancel()
        #expect(throws: CallError.self) { try pending.checkIsWanted() }
    }
}
