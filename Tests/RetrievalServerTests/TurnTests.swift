import Foundation
import NIOCore
import NIOPosix
import Reactor
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Who is served when: one that asks for much must not keep out those who ask for little.
struct TurnTests {
    @Test func `owners take turns, in the order in which they came`() {
        var queue = TurnQueue<String>()
        for element in ["a1", "a2", "a3"] {
            queue.append(element, of: 1)
        }
        queue.append("b1", of: 2)
        #expect(queue.popFirst() == "a1")
        queue.append("c1", of: 3)
        queue.append("b2", of: 2)
        var rest: [String] = []
        while let element = queue.popFirst() {
            rest.append(element)
        }
        #expect(rest == ["b1", "a2", "c1", "b2", "a3"])
        #expect(queue.count == 0)
    }

    @Test func `what nobody waits for any longer makes room, and its owner keeps its turn`() {
        var queue = TurnQueue<Int>()
        for element in 0..<6 {
            queue.append(element, of: 1)
        }
        queue.append(9, of: 2)
        #expect(queue.remove(of: 1) { $0 < 5 } == [0, 1, 2, 3, 4])
        #expect(queue.count == 2)
        #expect(queue.count(of: 1) == 1)
        #expect(queue.popFirst() == 5)
        #expect(queue.remove(of: 2) { _ in true } == [9])
        queue.append(7, of: 3)
        #expect(queue.popFirst() == 7)
        #expect(queue.popFirst() == nil)
        #expect(queue.count == 0)
    }

    private func pending(of caller: Caller) -> PendingCall {
        let call = Call(streamID: 1, method: .search, payload: .init(), timeout: nil)
        return PendingCall(call, of: caller, receivedAt: .now())
    }

    /// One client with short timeouts must not take the places of all.
    @Test func `calls that have been given up leave their places to others`() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let pool = WorkPool(threads, limit: Limits.callsInFlight + 10)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let gate = DispatchSemaphore(value: 0)
        for _ in 0..<Limits.callsInFlight * 4 {
            let pending = pending(of: .anybody)
            _ = try pool.run(for: pending, on: loop) {
                gate.wait()
                gate.signal()
                return .success(.init())
            }
            pending.cancel()
        }
        #expect(pool.refusedCount == 0)
        #expect(pool.waitingCount <= Limits.callsInFlight)
        gate.signal()
        try await threads.shutdownGracefully()
    }

    @Test func `a call of a light client waits for one of a heavy one, not for all`() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let pool = WorkPool(threads)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let order = Mutex<[Int]>([])
        let gate = DispatchSemaphore(value: 0)
        var futures: [EventLoopFuture<CallResult>] = []
        for connection in [1, 1, 1, 1, 2] {
            let caller = Caller(connection: connection, isAdministrator: false)
            futures.append(
                try pool.run(for: pending(of: caller), on: loop) {
                    gate.wait()
                    gate.signal()
                    order.withLock { $0.append(connection) }
                    return .success(.init())
                }
            )
        }
        gate.signal()
        for future in futures {
            _ = try await future.get()
        }
        let light = try #require(order.withLock { $0 }.firstIndex(of: 2))
        #expect(light <= 2)
        #expect(pool.waitingCount == 0)
        try await threads.shutdownGracefully()
    }

    @Test func `more than may wait are refused, with what to do`() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let pool = WorkPool(threads, limit: 2)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let gate = DispatchSemaphore(value: 0)
        var refused = 0
        for _ in 0..<5 {
            do {
                _ = try pool.run(for: pending(of: .anybody), on: loop) {
                    gate.wait()
                    gate.signal()
                    return .success(.init())
                }
            } catch {
                #expect(error.code == .resourceExhausted)
                refused += 1
            }
        }
        // The thread may have taken one by now.
        #expect(2...3 ~= refused)
        #expect(pool.refusedCount == refused)
        gate.signal()
        try await threads.shutdownGracefully()
    }

    @Test func `short calls of a light client come between those of a heavy one`() async throws {
        let reactors = try ReactorGroup(threads: 1)
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let count = 100
            let order = Mutex<[Int]>([])
            let hasBegun = Atomic(false)
            let isLightThere = DispatchSemaphore(value: 0)
            let answer: Answer = { pending, _ in
                if order.withLock({ $0.isEmpty }) {
                    hasBegun.store(true, ordering: .relaxed)
                    isLightThere.wait()
                }
                usleep(2_000)  // a turn is over after each
                order.withLock { $0.append(pending.caller.connection) }
                return .now(.success([]))
            }
            try await withServer(at: path, on: reactors, answer: answer) { _ in
                let heavy = try await SilentClient(at: path)
                let light = try await SilentClient(at: path)
                heavy.read()
                light.read()
                heavy.send(try requests(count))
                #expect(try await eventually { hasBegun.load(ordering: .relaxed) })
                try await light.write(try requests(1))
                isLightThere.signal()
                #expect(try await eventually { heavy.frames == count && light.frames == 1 })
                let owners = order.withLock { $0 }
                let place = try #require(owners.firstIndex { $0 != owners[0] })
                // Without turns it would come after all that one read has brought, some fifty.
                #expect(place <= 10)
                try await heavy.close()
                try await light.close()
            }
        }
        await reactors.close()
    }

    /// Requests with ids 1, 3, 5 ...
    private func requests(_ count: Int) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        for number in 0..<count {
            bytes.write(try request(UInt32(2 * number + 1)))
        }
        return bytes
    }
}
