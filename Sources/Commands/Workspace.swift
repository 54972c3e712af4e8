import EmbeddingStore
package import Foundation
import Retrieval
import Training

/// The folder that holds all of one catalogue: its graph, store, model and generations.
///
/// Every command on a workspace is a method here; each returns a ``Report``.
///
/// ```swift
/// let workspace = Workspace(at: URL(fileURLWithPath: "corkboard.d"))
/// print(try workspace.embed(threads: 2, progress: { _ in }))
/// ```
package struct Workspace: Sendable {
    package let folder: URL

    package init(at folder: URL) {
        self.folder = folder
    }

    var modelFolder: ModelFolder { ModelFolder(at: folder.appendingPathComponent("model")) }
    var storeFolder: URL { folder.appendingPathComponent("store") }

    var generations: GenerationFolder { GenerationFolder(workspace: folder) }

    /// The generation that CURRENT names.
    func published(checking: Bool) throws -> Generation {
        guard let number = try generations.current() else {
            throw CommandError(
                "\(folder.path) has no published generation; run corkboard index first"
            )
        }
        do {
            return try generations.open(number, checking: checking)
        } catch {
            throw CommandError(
                "CURRENT names generation \(number), but \(error); \(GenerationFolder.advice())"
            )
        }
    }

    /// The embedding version that was stored last.
    func newestVersion(in store: EmbeddingStore) throws -> EmbeddingVersion {
        guard let version = try store.versions().last else {
            throw CommandError(
                "\(folder.path) has no embeddings; run corkboard train and corkboard embed first, "
                    + "or corkboard import-embeddings"
            )
        }
        return version
    }

    /// Checks that something was imported here.
    func requireWorkspace() throws {
        guard FileManager.default.fileExists(atPath: storeFolder.path) else {
            throw CommandError(
                "\(folder.path) is not a workspace; run corkboard import first, or corkboard "
                    + "import-embeddings for vectors that you have, or name another with -w"
            )
        }
    }
}

/// All processors for 0, else the count itself.
package func threadCount(_ count: Int) -> Int {
    count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
}
