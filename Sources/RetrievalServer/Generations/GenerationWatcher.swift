import Foundation
import Logging
import NIOPosix
import Indexes
import Retrieval
import ServiceLifecycle

/// Brings published generations into service, without a restart.
///
/// Every `interval` it looks whether `CURRENT` is another file than before, which costs one system
/// call. A new generation is loaded and checked on a thread of `pool`, far from the event loops;
/// where anything is wrong with it the old one stays. What may pass, such as a want of descriptors
/// or memory, is tried again after pauses that grow.
struct GenerationWatcher: Service {
    private let workspace: URL
    private let state: ServingState
    private let interval: Duration
    private let pool: NIOThreadPool
    private let logger: Logger
    private let onFirst: @Sendable (ServedGeneration) -> Void

    /// `onFirst` hears of the first generation that is served.
    init(
        workspace: URL,
        state: ServingState,
        interval: Duration,
        pool: NIOThreadPool,
        logger: Logger,
        onFirst: @escaping @Sendable (ServedGeneration) -> Void
    ) {
        self.workspace = workspace
        self.state = state
        self.interval = interval
        self.pool = pool
        self.logger = logger
        self.onFirst = onFirst
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var seen: FileIdentity?
            var retry = RetryPlan(firstPause: interval)
            let clock = ContinuousClock()
            if FileIdentity(ofFileAt: folder.currentFile.path) == nil {
                logger.warning("no generation is published", metadata: ["next": "\(nextStep)"])
            }
            while true {
                let current = FileIdentity(ofFileAt: folder.currentFile.path)
                let isNew = current != nil && current != seen
                if isNew {
                    seen = current
                    retry.forget()
                }
                if isNew || retry.isDue(at: clock.now) {
                    if await bringIntoService() {
                        retry.forget()
                    } else {
                        retry.failed(at: clock.now)
                    }
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    private var folder: GenerationFolder { GenerationFolder(workspace: workspace) }
    private var nextStep: String { "corkboard index -w \(workspace.path)" }

    /// Serves the current generation, or says what is wrong with it; false where that may pass.
    private func bringIntoService() async -> Bool {
        let isFirst = state.served == nil
        var isSettled = true
        do {
            try await pool.runIfActive { try loadCurrent() }
        } catch {
            isSettled = !mayPass(error)
            state.report(trouble: "\(error)")
            logger.error("the published generation is refused", metadata: ["error": "\(error)"])
            if isFirst {
                await fallBack(becauseOf: "\(error)")
            }
        }
        return isSettled
    }

    /// Whether the same generation may be sound at another try: wrong bytes stay wrong.
    private func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as RetrievalError: !error.isLasting
        case let error as RetrievalServerError: error.code == .system
        default: true
        }
    }

    private func loadCurrent() throws {
        guard let number = try folder.current() else { return }
        let clock = ContinuousClock()
        let start = clock.now
        // With nothing to go on with, clients would wait for digests that almost always fit, of
        // files whose form has been checked and which were verified when they were published: so the
        // first generation serves meanwhile.
        let isFirst = state.served == nil
        let generation = try folder.open(number, checking: !isFirst)
        serve(try ServedGeneration(generation, workspace: workspace))
        logger.info("serving", metadata: facts(of: generation, since: start, by: clock))
        guard isFirst else { return }
        do {
            try generation.verifyDigests()
        } catch {
            state.withdraw()
            throw error
        }
    }

    private func serve(_ served: ServedGeneration, trouble: String? = nil) {
        if state.serve(served, trouble: trouble) {
            onFirst(served)
        }
    }

    /// With nothing to go on with, an older generation is better than none.
    private func fallBack(becauseOf trouble: String) async {
        do {
            try await pool.runIfActive {
                var bound = try? folder.current()
                while let older = try folder.newestSound(below: bound) {
                    bound = older.number
                    if serve(older, insteadBecauseOf: trouble) { return }
                }
                logger.error("no older generation can be served")
            }
        } catch {
            logger.error("older generations cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func serve(_ older: Generation, insteadBecauseOf trouble: String) -> Bool {
        do {
            serve(try ServedGeneration(older, workspace: workspace), trouble: trouble)
            logger.warning(
                "serving an older generation",
                metadata: ["generation": "\(older.number)"]
            )
            return true
        } catch {
            logger.error("an older generation is refused", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func facts(
        of generation: Generation,
        since start: ContinuousClock.Instant,
        by clock: ContinuousClock
    ) -> Logger.Metadata {
        [
            "generation": "\(generation.number)",
            "embedding_version": "\(generation.embeddingVersion)",
            "items": "\(generation.count)",
            "index": "\(generation.manifest.kind.rawValue)",
            "loaded_in": "\(clock.now - start)",
        ]
    }
}
