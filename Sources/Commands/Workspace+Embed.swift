import EmbeddingStore
import Evaluation
import Files
import Foundation
import Graph
import Training

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
        let catalogue = try trainingCatalogue(graph, store)
        progress(
            .line(
                "walking from \(graph.itemCount) items over \(graph.edgeCount) edges, and embedding "
                    + "them layer by layer"
            )
        )
        let vectors = try checkpoint.embed(catalogue, threads: threads)
        let version = try store.addVersion(
            ids: catalogue.ids,
            vectors: vectors,
            metric: checkpoint.metric,
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
