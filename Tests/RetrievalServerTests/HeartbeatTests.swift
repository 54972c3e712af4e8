import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import UnixSignals
import Wire

@testable import RetrievalServer

/// The daemon's look at itself; one test at a time, since each blocks a thread of the few that the
/// heartbeats need as well.
@Suite(.serialized)
struct HeartbeatTests {
    @Test func `a query of its own is answered before and after a generation is there`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try await withService(in: folder) { _, state in
                let query = SelfQuery(path: folder.path + "/s", state: state)
                try await aside { try query.run(within: .seconds(100)) }
                try circle.publish()
                try #require(try await eventually { state.served != nil })
                try await aside { try query.run(within: .seconds(100)) }
            }
        }
    }

    @Test func `a query that nobody answers fails in time`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let socket = try ListeningSocket(path: path)
            defer { close(socket.descriptor) }
            let query = SelfQuery(path: path, state: ServingState(workspace: folder))
            let elapsed = Mutex(Duration.zero)
            await #expect(throws: (any Error).self) {
                try await aside {
                    let start = ContinuousClock.now
                    defer { elapsed.withLock { $0 = .now - start } }
                    try query.run(within: .milliseconds(50))
                }
            }
            // Far above 50 ms, for a busy machine.
            #expect(elapsed.withLock { $0 } < .seconds(20))
        }
    }

    @Test func `there is no sign of life while an event loop hangs`() async throws {
        try await withTemporaryFolder { folder in
            try await withService(in: folder) { _, state in
                let query = SelfQuery(path: folder.path + "/s", state: state)
                try await withHeartbeat(in: folder, query) { listener, loops, lines in
                    #expect(listener.receive() == "WATCHDOG=1")
                    let hold = DispatchSemaphore(value: 0)
                    loops.next().execute { hold.wait() }
                    let isSaid = try await eventually {
                        lines.all.contains { $0.contains("not turn") }
                    }
                    #expect(isSaid)
                    hold.signal()
                }
            }
        }
    }

    @Test func `a daemon whose searches wait is alive`() async throws {
        try await withTemporaryFolder { folder in
            try Circle(in: folder).publish()
            try await withService(in: folder) { _, state in
                try #require(try await eventually { state.served != nil })
                let path = folder.path + "/busy"
                let searches = MultiThreadedEventLoopGroup.singleton.next()
                    .makePromise(of: CallResult.self)
                defer { searches.succeed(.failure(.draining)) }
                let answer: Answer = { call, loop in
                    guard call.call.method == .health else {
                        return .later(searches.futureResult.hop(to: loop))
                    }
                    return .now(Result { () throws(CallError) in try encoded(HealthResponse()) })
                }
                try await withServer(at: path, drainTime: .milliseconds(10), answer: answer) { _ in
                    let query = SelfQuery(path: path, state: state)
                    await #expect(throws: (any Error).self) {
                        try await aside { try query.run(within: .milliseconds(50)) }
                    }
                    try await withHeartbeat(in: folder, query) { listener, _, _ in
                        for _ in 0..<3 { #expect(listener.receive() == "WATCHDOG=1") }
                    }
                }
            }
        }
    }

    @Test func `a second signal ends the process at once`() async {
        await #expect(processExitsWith: .exitCode(143)) {
            let signals = await UnixSignalsSequence(trapping: .sigterm)
            let waiting = Task { await endAtSecond(of: signals, quiet) }
            for _ in 0..<2_000 {
                kill(getpid(), SIGTERM)
                try await Task.sleep(for: .milliseconds(5))
            }
            waiting.cancel()
        }
    }

    /// Lets a heart beat by `query` while `body` hears of it, and may hold up its event loops.
    private func withHeartbeat(
        in folder: URL,
        _ query: SelfQuery,
        _ body: (DatagramSocket, MultiThreadedEventLoopGroup, Lines) async throws -> Void
    ) async throws {
        let path = folder.appendingPathComponent("n").path
        let listener = try DatagramSocket(at: path)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let lines = Lines()
        let heartbeat = Heartbeat(
            supervisor: Supervisor(at: path, logger: quiet),
            patience: .seconds(2),
            query: query,
            admission: Admission(Replaceable(ConnectionTerms()), logger: quiet),
            loops: loops,
            aside: pool,
            logger: lines.logger
        )
        let beating = Task { try await heartbeat.run() }
        try await body(listener, loops, lines)
        beating.cancel()
        try await beating.value
        try await pool.shutdownGracefully()
        try await loops.shutdownGracefully()
    }

    /// Runs `body` on a thread that may be blocked.
    private func aside(_ body: @escaping @Sendable () throws -> Void) async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await pool.runIfActive(body))
        } catch {
            outcome = .failure(error)
        }
        try await pool.shutdownGracefully()
        try outcome.get()
    }
}
