import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Reactor

struct ReactorTests {
    @Test func `tasks run on its thread, in order`() async throws {
        try await withReactor { reactor in
            #expect(!reactor.inEventLoop)
            let order = Mutex<[Int]>([])
            for number in 0..<1_000 {
                reactor.execute { order.withLock { $0.append(number) } }
            }
            let isItsThread = try await reactor.submit { reactor.inEventLoop }.get()
            #expect(isItsThread)
            #expect(order.withLock { $0 } == Array(0..<1_000))
        }
    }

    @Test func `many threads may ask at once, and nothing is lost`() async throws {
        try await withReactor(pollTime: .microseconds(50)) { reactor in
            let count = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                for _ in 0..<5_000 {
                    reactor.execute { count.wrappingAdd(1, ordering: .relaxed) }
                }
            }
            try await reactor.submit {}.get()
            #expect(count.load(ordering: .relaxed) == 40_000)
        }
    }

    @Test func `timers run in the order of their times, and no earlier`() async throws {
        try await withReactor { reactor in
            let order = Mutex<[Int]>([])
            let start = NIODeadline.now()
            let delays = [30, 5, 20, 5, 0]
            var last: [EventLoopFuture<Bool>] = []
            for (number, delay) in delays.enumerated() {
                let deadline = start + .milliseconds(Int64(delay))
                let timer = reactor.scheduleTask(deadline: deadline) {
                    order.withLock { $0.append(number) }
                    return NIODeadline.now() >= deadline
                }
                last.append(timer.futureResult)
            }
            for future in last {
                let isInTime = try await future.get()
                #expect(isInTime)
            }
            #expect(order.withLock { $0 } == [4, 1, 3, 2, 0])
        }
    }

    @Test func `a timer that is cancelled does nothing`() async throws {
        try await withReactor { reactor in
            let ran = Atomic(0)
            // In one task, so that none is due before it is cancelled; many, so that they are thrown
            // out together.
            let futures = try await reactor.submit {
                let timers = (0..<1_000).map { number in
                    reactor.scheduleTask(in: .milliseconds(number.isMultiple(of: 10) ? 20 : 10)) {
                        _ = ran.wrappingAdd(1, ordering: .relaxed)
                    }
                }
                for (number, timer) in timers.enumerated() where !number.isMultiple(of: 10) {
                    timer.cancel()
                    timer.cancel()
                }
                return timers.map(\.futureResult)
            }.get()
            await #expect(throws: EventLoopError.cancelled) { try await futures[1].get() }
            try await futures[990].get()
            try await reactor.scheduleTask(in: .milliseconds(15)) {}.futureResult.get()
            #expect(ran.load(ordering: .relaxed) == 100)
        }
    }

    @Test func `a timer that throws fails its future alone`() async throws {
        struct Odd: Error {}
        try await withReactor { reactor in
            let odd = reactor.scheduleTask(in: .zero) { () throws -> Int in throw Odd() }
            await #expect(throws: Odd.self) { try await odd.futureResult.get() }
            let seven = try await reactor.submit { 7 }.get()
            #expect(seven == 7)
        }
    }

    @Test func `a task asked for by a task comes after a look at the sockets`() async throws {
        try await withReactor { reactor in
            let (near, far) = try socketPair()
            let events = EventLog()
            let turns = Atomic(0)
            try await reactor.submit {
                let socket = ReactorSocket(near, on: reactor, mostUnsent: 1 << 20)
                socket.open(for: Recorder(events))
                // Goes on and on; whoever only did its tasks would never hear of the socket.
                @Sendable func turn() {
                    let heard = !events.list.isEmpty
                    guard !heard, turns.load(ordering: .relaxed) < 10_000 else { return }
                    if turns.wrappingAdd(1, ordering: .relaxed).newValue == 3 {
                        far.send("me")
                    }
                    reactor.execute { turn() }
                }
                turn()
            }.get()
            #expect(try await eventually { events.list == [.received("me")] })
            #expect(turns.load(ordering: .relaxed) <= 5)
        }
    }

    @Test func `what it was asked for before it ends is done, and then it has ended`() async throws
    {
        let reactor = try Reactor(name: "test")
        let (near, far) = try socketPair()
        let count = Atomic(0)
        let events = EventLog()
        reactor.execute {
            ReactorSocket(near, on: reactor, mostUnsent: 1).open(for: Recorder(events))
        }
        let hasFailed = Atomic(false)
        reactor.scheduleTask(in: .hours(1)) {}.futureResult.whenFailure { error in
            hasFailed.store(error as? EventLoopError == .shutdown, ordering: .relaxed)
        }
        for _ in 0..<100 {
            reactor.execute { count.wrappingAdd(1, ordering: .relaxed) }
        }
        await reactor.close()
        #expect(count.load(ordering: .relaxed) == 100)
        #expect(far.receive() == [])
        #expect(events.list == [.closed])
        let failed = hasFailed.load(ordering: .relaxed)
        #expect(failed)
        await reactor.close()
    }

    @Test func `reactors of a group are given out in turn`() async throws {
        let group = try ReactorGroup(threads: 3)
        let given = (0..<6).map { _ in ObjectIdentifier(group.nextReactor()) }
        #expect(Set(given).count == 3 && Array(given[..<3]) == Array(given[3...]))
        #expect(Array(group.makeIterator()).count == 3)
        try await group.shutdownGracefully()
    }

    @Test func `a timer that is due may be cancelled until its turn`() async throws {
        try await withReactor { reactor in
            let (near, far) = try socketPair()
            let ran = Mutex<[String]>([])
            try await reactor.submit {
                let timer = reactor.scheduleTask(in: .milliseconds(1)) {
                    ran.withLock { $0.append("timer") }
                }
                let recorder = Recorder(EventLog()) { _ in
                    timer.cancel()
                    ran.withLock { $0.append("socket") }
                }
                ReactorSocket(near, on: reactor, mostUnsent: 1).open(for: recorder)
                // Both wait when it goes round: the socket is served first.
                far.send("x")
                usleep(5_000)
            }.get()
            try await reactor.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
            #expect(ran.withLock { $0.first } == "socket" && !ran.withLock { $0.contains("timer") })
        }
    }

    @Test func `a socket that another one closes hears of nothing that came with it`() async throws
    {
        try await withReactor { reactor in
            let pairs = try (0..<2).map { _ in try socketPair() }
            let logs = [EventLog(), EventLog()]
            try await reactor.submit {
                let sockets = pairs.map { ReactorSocket($0.near, on: reactor, mostUnsent: 1) }
                for (number, socket) in sockets.enumerated() {
                    let other = sockets[1 - number]
                    socket.open(for: Recorder(logs[number]) { _ in other.close() })
                }
                for pair in pairs { pair.far.send("x") }
            }.get()
            #expect(try await eventually { logs.allSatisfy { !$0.list.isEmpty } })
            let heard = logs.map(\.list).sorted { $0.count > $1.count }
            #expect(heard[0].first == .received("x") && heard[1] == [.closed])
        }
    }

    @Test func `all sockets that are ready come before what is due`() async throws {
        try await withReactor { reactor in
            let pairs = try (0..<300).map { _ in try socketPair() }
            let order = Mutex<[Bool]>([])
            let timer = try await reactor.submit {
                for pair in pairs {
                    let recorder = Recorder(EventLog()) { event in
                        if case .received = event { order.withLock { $0.append(true) } }
                    }
                    ReactorSocket(pair.near, on: reactor, mostUnsent: 1).open(for: recorder)
                }
                let timer = reactor.scheduleTask(in: .milliseconds(1)) {
                    order.withLock { $0.append(false) }
                }
                // As after a pause of the whole process.
                for pair in pairs { pair.far.send("x") }
                usleep(5_000)
                return timer.futureResult
            }.get()
            try await timer.get()
            #expect(order.withLock { $0.firstIndex(of: false) } == 300)
        }
    }
}
