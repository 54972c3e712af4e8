import Logging
import NIOPosix
import Retrieval
import ServiceLifecycle

/// Says when the daemon does what it is for, what it does, and when it stops.
///
/// It is the last service to start and the first to stop, so the supervisor hears of the end before
/// anything has ended.
struct Reports: Service {
    private static let pauseBetweenTries = Duration.milliseconds(100)
    private static let timeForQuery = Duration.seconds(5)

    let supervisor: Supervisor
    let state: ServingState
    let query: SelfQuery
    /// A thread for the query to block.
    let aside: NIOThreadPool
    let readiness: Readiness
    let logger: Logger
    /// How often to see whether what is served has changed.
    let interval: Duration
    /// Hears of the generation that was first served, once a query has been answered from it.
    let announce: @Sendable (ServedGeneration) -> Void

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var status = report(after: nil)
            while !(await isFirstAnswer()) {
                try await Task.sleep(for: Self.pauseBetweenTries)
                status = report(after: status)
            }
            readiness.reached { supervisor.ready() }
            while true {
                status = report(after: status)
                try await Task.sleep(for: interval)
            }
        }
        supervisor.stopping()
    }

    /// Whether a generation is served, and answers; the first time, that is announced.
    private func isFirstAnswer() async -> Bool {
        guard let served = state.served else { return false }
        do {
            try await aside.runIfActive { try query.run(within: Self.timeForQuery) }
        } catch {
            logger.warning("a query of its own failed", metadata: ["error": "\(error)"])
            return false
        }
        announce(served)
        return true
    }

    /// Tells what is served where that is not what was told `before`.
    private func report(after before: String?) -> String {
        let now = status
        if now != before {
            supervisor.status(now)
        }
        return now
    }

    private var status: String {
        guard let generation = state.served?.generation else { return state.reasonNotServing }
        let trouble = state.trouble.map { "; \($0)" } ?? ""
        return "serving generation \(generation.number) of \(generation.count) items\(trouble)"
    }
}
