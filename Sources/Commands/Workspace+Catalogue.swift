import Datasets
import EmbeddingStore
import Files
import Foundation
import Graph

// The catalogue of a workspace: its graph, the items in its store, and the vectors they came with.
extension Workspace {
    var graphFile: URL { folder.appendingPathComponent("graph/graph.csr") }

    /// The graph of an import that has not ended; see ``replaceCatalogue``.
    var newGraphFile: URL { folder.appendingPathComponent("graph/new.csr") }

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
}
