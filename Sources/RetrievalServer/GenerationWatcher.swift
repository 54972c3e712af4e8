import Foundation
import Logging
import NIOPosix
import Retrieval
import ServiceLifecycle

/// Brings published generations into service, without a restart.
///
/// Every `interval` it looks whether `CURRENT` is another file than before, which costs one system
/// call. A new generation is loaded and checked on a thread of `pool`, far from the event loops;
/// where anything is wrong with it the old one stays.
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
            if FileIdentity(ofFileAt: folder.currentFile.path) == nil {
                logger.warning("no generation is published", metadata: ["next": "\(nextStep)"])
            }
            while true {
                let current = FileIdentity(ofFileAt: folder.currentFile.path)
                if let current, current != seen {
                    seen = current
                    await bringIntoService()
                }
                try await Task.sleep(for: interval)
            }
        }
    }

    private var folder: GenerationFolder { GenerationFolder(workspace: workspace) }
    private var nextStep: String { "corkboard index -w \(workspace.path)" }

    private func bringIntoService() async {
        let isFirst = state.served == nil
        do {
            try await pool.runIfActive { try loadCurrent() }
        } catch {
            state.report(trouble: "\(error)")
            logger.error("the published generation is refused", metadata: ["error": "\(error)"])
            if isFirst {
                await fallBack(becauseOf: "\(error)")
            }
        }
        if isFirst, let served = state.served {
            onFirst(served)
        }
    }

    private func loadCurrent() throws {
        guard let number = try folder.current() else { return }
        let clock = ContinuousClock()
        let start = clock.now
        let generation = try folder.open(number, checking: true)
        state.serve(try ServedGeneration(generation, workspace: workspace))
        logger.info("serving", metadata: facts(of: generation, since: start, by: clock))
    }

    /// With nothing to go on with, an older generation is better than none.
    private func fallBack(becauseOf trouble: String) async {
        do {
            try await pool.runIfActive {
                let current = try? folder.current()
                guard let older = try folder.newestSound(below: current) else { return }
                let served = try ServedGeneration(older, workspace: workspace)
                state.serve(served, trouble: trouble)
                logger.warning(
                    "serving an older generation",
                    metadata: ["generation": "\(older.number)"]
                )
            }
        } catch {
            logger.error("no older generation is sound", metadata: ["error": "\(error)"])
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
