import Foundation
import Indexes
import Logging
import NIOPosix
import Retrieval
import Vectors
import Wire

/// Brings a generation into service under live traffic.
///
/// It is checked by a process of its own, loaded, warmed, asked, compared with the one that is
/// served, and takes over between two calls. Those that began on the old one end on it; then the old
/// one is freed, off the event loops. Whatever goes wrong before the take-over leaves the old one in
/// service.
struct GenerationSwap: Sendable {
    let workspace: URL
    let state: ServingState
    let check: GenerationCheck
    let gate: RecallGate
    let pool: NIOThreadPool
    let logger: Logger
    var counts = SwapCounts()

    private var folder: GenerationFolder { GenerationFolder(workspace: workspace) }

    /// Serves generation `number` from now on, and gives the one before.
    ///
    /// `publish` is called when nothing can go wrong any more but itself, just before the take-over.
    ///
    /// - Throws: ``RetrievalServerError``.
    func run(
        _ number: Int,
        force: Bool,
        publish: @escaping @Sendable () throws -> Void = {}
    ) async throws -> GenerationManifest? {
        do {
            let old = try await takeOver(number, force: force, publish: publish)
            counts.done()
            return old
        } catch {
            counts.refused("\(error)")
            throw error
        }
    }

    private func takeOver(
        _ number: Int,
        force: Bool,
        publish: @escaping @Sendable () throws -> Void
    ) async throws -> GenerationManifest? {
        let start = ContinuousClock.now
        let old = state.served?.generation.manifest
        if !force, let old {
            let next = try await pool.runIfActive { try manifest(of: number) }
            try gate.check(next, against: old)
        }
        try await check.run(number)
        let next = try await pool.runIfActive { try load(number) }
        try await pool.runIfActive(publish)
        let previous = state.serve(next)
        logger.info("serving", metadata: facts(of: next.generation, since: start))
        free(previous)
        return old
    }

    /// Opens what has been checked, reads all that searches read, and asks it.
    private func load(_ number: Int) throws -> ServedGeneration {
        lowerPriority()
        do {
            let generation = try folder.open(number, checking: false)
            generation.warm()
            return try ServedGeneration(generation, workspace: workspace)
        } catch let error as RetrievalError {
            throw RetrievalServerError(error)
        }
    }

    private func manifest(of number: Int) throws -> GenerationManifest {
        let files = folder.folder(of: number)
        guard FileManager.default.fileExists(atPath: files.path) else {
            throw RetrievalServerError(
                .missing,
                "there is no generation \(number); see: corkboard generations"
            )
        }
        do {
            return try GenerationManifest(inFolder: folder.folder(of: number))
        } catch {
            throw RetrievalServerError(error)
        }
    }

    /// Waits until no call is at work on the old one, and no comparison, so that it is neither that
    /// has to unmap and free it, and gives its memory back.
    private func free(_ old: ServedGeneration?) {
        guard let retired = old.map(RetiredGeneration.init) else { return }
        Task {
            let end = ContinuousClock.now + .seconds(3600)
            while !retired.letGo(), ContinuousClock.now < end {
                try? await Task.sleep(for: .milliseconds(5))
            }
            giveBackFreedMemory()
        }
    }

    func facts(
        of generation: Generation,
        since start: ContinuousClock.Instant
    ) -> Logger.Metadata {
        [
            "generation": "\(generation.number)",
            "embedding_version": "\(generation.embeddingVersion)",
            "items": "\(generation.count)",
            "index": "\(generation.manifest.kind.rawValue)",
            "loaded_in": "\((ContinuousClock.now - start).text)",
        ]
    }
}
