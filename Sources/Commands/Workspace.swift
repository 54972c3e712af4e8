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

    /// Where dense features of that checksum lie: named after it, so that an import which is cut
    /// short changes nothing of another's.
    func featuresFile(_ checksum: Checksum) -> URL {
        let name = "features-\(String(checksum.value, radix: 16)).npy"
        return graphFile.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// The dense vectors that the items came with, row u for item u; nil where they came without.
    func denseFeatures(in store: EmbeddingStore) throws -> NumPyArray? {
        guard let checksum = try store.featuresChecksum() else { return nil }
        let file = featuresFile(checksum)
        let features = try NumPyArray(contentsOf: file)
        let items = try store.catalogueSummary().items
        guard features.checksum == checksum, features.rows == items else {
            throw CommandError("\(file.path) is damaged; run corkboard import again")
        }
        return features
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

    /// Whether there is a catalogue, or the graph of one that was lost.
    func hasCatalogue() throws -> Bool {
        let files = FileManager.default
        return try files.fileExists(atPath: graphFile.path)
            || files.fileExists(atPath: newGraphFile.path)
            || EmbeddingStore(at: storeFolder, access: .readOnly).catalogueSummary().items > 0
    }

    /// The graph, and the store with its catalogue, both of one import.
    func open(
        _ access: EmbeddingStore.Access = .readOnly,
        graphIn residence: MappedFile.Residence = .pageCache
    ) throws -> (graph: Graph, store: EmbeddingStore) {
        try requireWorkspace()
        let store = try EmbeddingStore(at: storeFolder, access: access)
        guard try store.catalogueSummary().items > 0 else {
            throw CommandError(
                "\(folder.path) has no catalogue; run corkboard import first"
            )
        }
        // Twice, since an import may end between the two looks.
        for _ in 0..<2 {
            let catalogue = try store.catalogueSummary()
            if let graph = try graph(catalogue.graph, in: residence),
                graph.itemCount == catalogue.items, graph.contextCount == catalogue.contexts
            {
                return (graph, store)
            }
        }
        throw CommandError(
            "the graph and the store of \(folder.path) are of different imports; "
                + "run corkboard import again"
        )
    }

    /// The graph of that checksum; nil where there is another.
    ///
    /// An import that was cut short after its catalogue was stored has left its graph under the new
    /// name; so has one that is about to end.
    private func graph(
        _ checksum: Checksum,
        in residence: MappedFile.Residence
    ) throws -> Graph? {
        if let graph = try? Graph(contentsOf: newGraphFile, in: residence),
            graph.checksum == checksum
        {
            return graph
        }
        let graph = try Graph(contentsOf: graphFile, in: residence)
        return graph.checksum == checksum ? graph : nil
    }
}

/// All processors for 0, else the count itself.
package func threadCount(_ count: Int) -> Int {
    count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
}
