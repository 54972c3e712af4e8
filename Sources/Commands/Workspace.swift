import Datasets
import EmbeddingStore
import Files
package import Foundation
import Graph
import Retrieval
import Training
import Vectors

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

    var graphFile: URL { folder.appendingPathComponent("graph/graph.csr") }
    var modelFolder: ModelFolder { ModelFolder(at: folder.appendingPathComponent("model")) }
    var storeFolder: URL { folder.appendingPathComponent("store") }

    var generations: GenerationFolder { GenerationFolder(workspace: folder) }

    /// The graph of an import that has not ended; see ``replaceCatalogue``.
    var newGraphFile: URL { folder.appendingPathComponent("graph/new.csr") }

    /// Claims the workspace for a command that changes it.
    func claim() throws -> FolderLock {
        try requireWorkspace()
        return try FolderLock(folder)
    }

    /// The generation that CURRENT names.
    func published(checking: Bool) throws -> Generation {
        guard let number = try generations.current() else {
            throw CommandError(
                "\(folder.path) has no published generation; run corkboard index first"
            )
        }
        return try generations.open(number, checking: checking)
    }

    /// The embedding version that was stored last.
    func newestVersion(in store: EmbeddingStore) throws -> EmbeddingVersion {
        guard let version = try store.versions().last else {
            throw CommandError(
                "\(folder.path) has no embeddings; run corkboard train and corkboard embed first"
            )
        }
        return version
    }

    /// Where the dense vectors of an import lie: named after its graph, so that those of another
    /// import are never taken for them.
    func featuresFile(of graph: Graph) -> URL {
        let name = "features-\(String(graph.checksum.value, radix: 16)).npy"
        return graphFile.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// The dense vectors that the items came with, row u for item u; nil where they came without.
    func denseFeatures(of graph: Graph) throws -> NumPyArray? {
        let file = featuresFile(of: graph)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let features = try NumPyArray(contentsOf: file)
        guard features.rows == graph.itemCount else {
            throw CommandError(
                "\(file.path) has \(features.rows) rows for \(graph.itemCount) items; "
                    + "run corkboard import again"
            )
        }
        return features
    }

    /// Checks that something was imported here.
    func requireWorkspace() throws {
        guard FileManager.default.fileExists(atPath: storeFolder.path) else {
            throw CommandError(
                "\(folder.path) is not a workspace; run corkboard import first, "
                    + "or name another with -w"
            )
        }
    }

    /// The graph, and the store with its catalogue, both of one import.
    func open(
        _ access: EmbeddingStore.Access = .readOnly
    ) throws -> (graph: Graph, store: EmbeddingStore) {
        try requireWorkspace()
        let store = try EmbeddingStore(at: storeFolder, access: access)
        let catalogue = try store.catalogueSummary()
        // An import that was cut short after its catalogue was stored has left its graph here.
        if let graph = try? Graph(contentsOf: newGraphFile), graph.checksum == catalogue.graph {
            try moveDurably(newGraphFile, to: graphFile)
        }
        let graph = try Graph(contentsOf: graphFile)
        guard graph.checksum == catalogue.graph, graph.itemCount == catalogue.items,
            graph.contextCount == catalogue.contexts
        else {
            throw CommandError(
                "the graph and the store of \(folder.path) are of different imports; "
                    + "run corkboard import again"
            )
        }
        return (graph, store)
    }
}

/// All processors for 0, else the count itself.
package func threadCount(_ count: Int) -> Int {
    count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
}
