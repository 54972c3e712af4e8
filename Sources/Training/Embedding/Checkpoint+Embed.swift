package import Foundation
package import Graph
import PinSage
import Sampling
package import Vectors

/// A catalogue that is read a range of items at a time, each range once and in order.
package struct CatalogueReader {
    let graph: Graph
    /// f, the width of the dense vectors that the items came with; 0 where they came without.
    let dense: Int
    let items: (Range<Int>) throws -> ItemPart

    package init(
        graph: Graph,
        dense: Int,
        items: @escaping (Range<Int>) throws -> ItemPart
    ) {
        self.graph = graph
        self.dense = dense
        self.items = items
    }
}

extension TrainingRun.Catalogue {
    /// The same, for those who read it a range of items at a time.
    package var reader: CatalogueReader {
        CatalogueReader(graph: graph, dense: dense?.columns ?? 0) { range in
            ItemPart(
                ids: Array(ids[range]),
                contents: Array(contents[range]),
                dense: dense?.gather(range)
            )
        }
    }
}

extension Checkpoint {
    /// The embedding of every item of `catalogue`, row u for item u, those that training never saw
    /// too: walks over all of its graph, then every layer once, `chunk` items at a time.
    ///
    /// What does not fit into memory lies on the disk of the folder `scratch`.
    ///
    /// - Throws: ``TrainingError`` where the items came with other dense vectors than in training,
    ///   `FileError` where the disk has no room, what `catalogue` throws.
    package func embed(
        _ catalogue: CatalogueReader,
        scratch: URL,
        chunk: Int = Model.chunk,
        threads: Int,
        progress: (EmbeddingProgress) -> Void = { _ in }
    ) throws -> MappedMatrix {
        guard settings.model.dense == catalogue.dense else {
            throw TrainingError(
                "the model was trained on \(settings.model.dense) dense features, the import has "
                    + "\(catalogue.dense); train again"
            )
        }
        let graph = catalogue.graph
        let neighbourhoods = try MappedNeighbourhoods(
            of: graph,
            settings: settings.walk,
            seed: settings.seed,
            chunk: chunk,
            scratch: scratch,
            threads: threads,
            progress: {
                progress(EmbeddingProgress(stage: .walks, done: $0, count: graph.itemCount))
            }
        )
        let identities = IdentityRows(itemIDs)
        return try model.embedAll(
            ItemSource(
                count: graph.itemCount,
                inputs: { [hasher] range in
                    ItemInputs(
                        of: range,
                        try catalogue.items(range),
                        graph: graph,
                        hasher: hasher,
                        identities: identities
                    )
                },
                neighbourhoods: neighbourhoods.rows
            ),
            scratch: scratch,
            chunk: chunk,
            threads: threads,
            progress: progress
        )
    }

    /// What the model's embeddings are compared by.
    package var metric: Metric { settings.model.normalise ? .cosine : .innerProduct }
}
