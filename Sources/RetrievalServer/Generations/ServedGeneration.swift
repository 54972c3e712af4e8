import EmbeddingStore
import Foundation
import Retrieval
import Vectors

/// A generation that has been checked, and the store that its items are described in.
///
/// Calls in flight keep the one they began with; it is closed when the last of them lets go.
final class ServedGeneration: Sendable {
    let generation: Generation
    /// The store, or why there is none; searches need none.
    let store: Result<EmbeddingStore, any Error>
    /// How several items become one query, as the embedding version has it.
    let contextMap: ContextMap
    /// How long it is served, for those who do not keep it alive.
    let tenure = Tenure()
    /// When it was taken into service.
    let since = ContinuousClock.now

    /// Takes `generation` into service, with the store of `workspace`.
    ///
    /// - Throws: ``RetrievalServerError`` of code `generation` where it does not answer as it did
    ///   when it was built, or was built from another store; `system` where that could not be
    ///   found out.
    init(_ generation: Generation, workspace: URL) throws(RetrievalServerError) {
        let folder = workspace.appendingPathComponent("store", isDirectory: true)
        store = Result { try EmbeddingStore(at: folder, access: .readOnly) }
        self.generation = generation
        let version = try? store.get().versions().first { $0.number == generation.embeddingVersion }
        contextMap = ContextMap(version?.contextMap, metric: generation.metric)
        if let identity = try? store.get().identity,
            identity != generation.manifest.storeIdentity
        {
            throw RetrievalServerError(
                .generation,
                "generation \(generation.number) was built from the store "
                    + "\(generation.manifest.storeIdentity), but \(folder.path) is \(identity); "
                    + "run: corkboard index -w \(workspace.path)"
            )
        }
        do {
            try generation.verifyAnswers()
        } catch {
            throw RetrievalServerError(error)
        }
    }
}

extension RetrievalError {
    /// Whether it is about what is written on the disk, and not about the moment.
    var isLasting: Bool { code == .damaged || code == .mismatched }
}
