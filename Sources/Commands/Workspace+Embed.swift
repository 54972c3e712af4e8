import EmbeddingStore
import Evaluation
import Files
import Foundation
import Graph
import PinSage
import Sampling
import Training
import Vectors

/// A new embedding version.
package struct EmbedReport: Report {
    package let version: Int
    package let items: Int
    package let dimension: Int
    package let seconds: Double

    package var description: String {
        "embedded \(items) items in \(dimension) dimensions as embedding version \(version) "
            + "in \(decimal(seconds, 1)) s"
    }
}

extension Workspace {
    /// Embeds every item of the catalogue, those that training never saw too, with the model that
    /// did best, and stores the vectors as a new embedding version.
    package func embed(threads: Int, progress: ProgressHandler) throws -> EmbedReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let start = ContinuousClock.now
        let (checkpoint, file) = try modelFolder.trained()
        let (graph, store) = try open(.readWrite)
        let threads = threadCount(threads)
        let (items, _) = try store.catalogue()
        progress(.line("walking from \(graph.itemCount) items over \(graph.edgeCount) edges"))
        let neighbourhoods = Neighbourhoods(
            of: graph,
            settings: checkpoint.settings.walk,
            seed: checkpoint.settings.seed,
            threads: threads
        )
        let dense = try denseFeatures(of: graph)
        guard checkpoint.settings.model.dense == dense?.columns ?? 0 else {
            throw CommandError(
                "the model was trained on \(checkpoint.settings.model.dense) dense features, the "
                    + "import has \(dense?.columns ?? 0); train again"
            )
        }
        let ids = items.map(\.id)
        let inputs = ItemInputs(
            ids: ids,
            contents: items.map(Content.init),
            graph: graph,
            hasher: checkpoint.hasher,
            identities: checkpoint.itemIDs,
            dense: dense
        )
        progress(.line("embedding \(items.count) items, layer by layer"))
        let vectors = checkpoint.model.embedAll(inputs, neighbourhoods, threads: threads)
        let version = try store.addVersion(
            ids: ids,
            vectors: vectors,
            metric: checkpoint.settings.model.normalise ? .cosine : .innerProduct,
            note: "embed with \(file.lastPathComponent)",
            contextMap: whitening(
                vectors,
                rows: graph.connectedItems,
                strength: checkpoint.status.contextStrength
            )
        )
        return EmbedReport(
            version: version.number,
            items: version.count,
            dimension: version.dimension,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }
}
