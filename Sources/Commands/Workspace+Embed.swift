import Datasets
import EmbeddingStore
import Evaluation
import Files
import Foundation
import Graph
import Training
package import Vectors

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
    ///
    /// What does not fit into memory lies in files without a name in the workspace meanwhile.
    package func embed(
        precision: Precision = .fp32,
        threads: Int,
        progress: ProgressHandler
    ) throws -> EmbedReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let start = ContinuousClock.now
        let (checkpoint, file) = try modelFolder.trained()
        let (graph, store) = try open(.readWrite, graphIn: .hugePages)
        let features = try denseFeatures(in: store)
        progress(
            .line(
                "walking from \(graph.itemCount) items over \(graph.edgeCount) edges, and embedding "
                    + "them layer by layer"
            )
        )
        var ids: [String] = []
        let catalogue = CatalogueReader(graph: graph, dense: features?.columns ?? 0) { range in
            let items = try store.items(in: range)
            ids += items.map(\.id)
            return ItemPart(
                ids: items.map(\.id),
                contents: items.map(Content.init),
                dense: features?.matrix(ofRows: range)
            )
        }
        var stages = StageClock()
        let vectors = try checkpoint.embed(
            catalogue,
            scratch: folder,
            threads: threadCount(threads),
            progress: { progress(.update(stages.line($0, at: .now))) }
        )
        progress(.line("storing \(vectors.rows) embeddings"))
        let version = try store.addVersion(
            ids: ids,
            vectors: vectors,
            metric: checkpoint.metric,
            precision: precision,
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
