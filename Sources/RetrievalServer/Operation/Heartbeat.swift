import Dispatch
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Tells the supervisor that the daemon is alive, as long as it is.
///
/// It is when each event loop turns, and its health is told over the socket. Whether searches are
/// answered is not asked: behind long ones they may wait for a minute, and a restart would help
/// nobody. It goes on while calls in flight end, which may take longer than the supervisor waits;
/// then by the event loops alone, since new calls are refused.
struct Heartbeat: Service {
    /// How many times there is a sign within the supervisor's patience: one may fail, and the next
    /// still comes in time.
    private static let signs = 4

    let supervisor: Supervisor
    /// How long the supervisor waits for a sign of life.
    let patience: Duration
    let query: SelfQuery
    let admission: Admission
    let loops: any EventLoopGroup
    /// A thread for the query to block.
    let aside: NIOThreadPool
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            let clock = ContinuousClock()
            var next = clock.now
            while true {
                do {
                    try await aside.runIfActive { try checkLife() }
                    supervisor.alive()
                } catch {
                    logger.error("no sign of life", metadata: ["error": "\(error)"])
                }
                next = max(next + patience / Self.signs, clock.now)
                try await clock.sleep(until: next)
            }
        }
    }

    /// - Throws: where the daemon does not do what it is for.
    private func checkLife() throws {
        // Both together end before the next is due.
        let time = patience / (2 * Self.signs)
        try checkLoops(within: time)
        guard !supervisor.isStopping else { return }
        do {
            try query.askHealth(within: time)
        } catch {
            // Without descriptors nobody can connect, but those who have do not want a restart.
            guard !supervisor.isStopping, !admission.isStarved else { return }
            throw error
        }
    }

    private func checkLoops(within time: Duration) throws {
        let turns = DispatchSemaphore(value: 0)
        let end = DispatchTime.now() + .nanoseconds(Int(TimeAmount(time).nanoseconds))
        var count = 0
        for loop in loops.makeIterator() {
            loop.execute { turns.signal() }
            count += 1
        }
        for _ in 0..<count where turns.wait(timeout: end) == .timedOut {
            throw SelfQuery.Failure("an event loop does not turn")
        }
    }
}
