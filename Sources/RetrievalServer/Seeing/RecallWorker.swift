import Foundation
import Indexes
import Logging
import ServiceLifecycle

/// The thread that compares samples of searches, when nothing else is to be done.
struct RecallWorker: Service {
    /// How many seconds it sleeps where no sample waits.
    ///
    /// To be woken up instead would cost the event loop that offers one more than all the rest.
    private static let pause = 0.02
    /// The same while no sample is drawn, which may change.
    private static let longPause = 0.5
    /// How many times as long as it has compared it rests: spare time is not free, since whatever
    /// reads a whole catalogue pushes what searches need out of the caches.
    static let rest = 19.0

    let recall: LiveRecall
    let logger: Logger

    func run() async throws {
        Thread { [self] in work() }.start()
        try? await gracefulShutdown()
        recall.stop()
    }

    private func work() {
        guard takeIdlePriority() else {
            logger.warning(
                "recall_sample has no effect: the system refuses a thread of the least priority"
            )
            return
        }
        var scratch = SearchScratch()
        let clock = ContinuousClock()
        while !recall.isStopped {
            let start = clock.now
            let hasCompared = recall.compareNext(&scratch)
            let end = hasCompared ? clock.now + (clock.now - start) * Self.rest : clock.now
            repeat {
                Thread.sleep(forTimeInterval: recall.share > 0 ? Self.pause : Self.longPause)
            } while clock.now < end && !recall.isStopped
        }
    }
}
