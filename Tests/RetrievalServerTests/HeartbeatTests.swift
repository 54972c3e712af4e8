import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import UnixSignals

@testable import RetrievalServer

/// The daemon's look at itself.
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
            let path = folder.appendingPathComponent("n").path
            let listener = try DatagramSocket(at: path)
            try await withService(in: folder) { _, state in
                let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
                let pool = NIOThreadPool(numberOfThreads: 1)
                pool.start()
                let lines = Lines()
                let heartbeat = Heartbeat(
                    supervisor: Supervisor(at: path, logger: quiet),
                    patience: .milliseconds(400),
                    query: SelfQuery(path: folder.path + "/s", state: state),
                    admission: Admission(Replaceable(ConnectionTerms()), logger: quiet),
                    loops: loops,
                    aside: pool,
                    logger: lines.logger
                )
                let beating = Task { try await heartbeat.run() }
                #expect(listener.receive() == "WATCHDOG=1")
                let hold = DispatchSemaphore(value: 0)
                loops.next().execute { hold.wait() }
                #expect(try await eventually { lines.all.contains { $0.contains("not turn") } })
                hold.signal()
                beating.cancel()
                try await beating.value
                try await pool.shutdownGracefully()
                try await loops.shutdownGracefully()
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
