import PinSage
import Sampling
package import Vectors

extension Checkpoint {
    /// The embedding of every item of `catalogue`, row u for item u, those that training never saw
    /// too: walks over all of its graph, then every layer once.
    ///
    /// - Throws: ``TrainingError`` where the items came with other dense vectors than in training.
    package func embed(_ catalogue: TrainingRun.Catalogue, threads: Int) throws -> Matrix {
        let width = catalogue.dense?.columns ?? 0
        guard settings.model.dense == width else {
            throw TrainingError(
                "the model was trained on \(settings.model.dense) dense features, the import has "
                    + "\(width); train again"
            )
        }
        let neighbourhoods = Neighbourhoods(
            of: catalogue.graph,
            settings: settings.walk,
            seed: settings.seed,
            threads: threads
        )
        let inputs = ItemInputs(
            ids: catalogue.ids,
            contents: catalogue.contents,
            graph: catalogue.graph,
            hasher: hasher,
            identities: itemIDs,
            dense: catalogue.dense
        )
        return model.embedAll(inputs, neighbourhoods, threads: threads)
    }

    /// What the model's embeddings are compared by.
    package var metric: Metric { settings.model.normalise ? .cosine : .innerProduct }
}
