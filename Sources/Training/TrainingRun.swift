import Evaluation
package import Foundation
package import Graph
import PinSage
import Sampling
package import Vectors

/// A whole training run: steps, and after each epoch a checkpoint and a validation.
///
/// ```swift
/// var run = try TrainingRun(settings, on: catalogue, graphFile: url, threads: 2)
/// while let news = try run.advance() {
///     if case .epoch(let metrics, let checkpoint) = news { try checkpoint.write(to: url) }
/// }
/// ```
/// It holds no file but the graph without the validation edges, which it writes to `graphFile`.
package struct TrainingRun {
    /// What training learns from: a graph, and for each of its items an id, content, and a dense
    /// vector where the items came with them.
    package struct Catalogue: Sendable {
        package var graph: Graph
        package var ids: [String]
        package var contents: [Content]
        package var dense: Matrix?

        package init(graph: Graph, ids: [String], contents: [Content], dense: Matrix?) {
            self.graph = graph
            self.ids = ids
            self.contents = contents
            self.dense = dense
        }
    }

    /// What a call of ``advance()`` did.
    package enum News: Sendable {
        case step(TrainingStatus)
        case epoch(TrainingStatus, Checkpoint)
    }

    /// How many edges there are without those of the validation.
    package let edgeCount: Int
    private let settings: TrainingSettings
    private let ids: [String]
    private let hasher: FeatureHasher
    private let inputs: ItemInputs
    private let neighbourhoods: Neighbourhoods
    private let validation: ValidationSplit
    private let candidates: [Int]
    private let threads: Int
    private var trainer: Trainer
    private var status: TrainingStatus
    private let start: ContinuousClock.Instant

    /// Cuts the validation edges off, walks, and makes the features.
    ///
    /// - Throws: ``TrainingError`` where no context has two items; the error of the file below.
    package init(
        _ settings: TrainingSettings,
        on catalogue: Catalogue,
        graphFile: URL,
        threads: Int
    ) throws {
        var settings = settings
        settings.model.dense = catalogue.dense?.columns ?? 0
        let split = try ValidationSplit(
            of: catalogue.graph,
            count: settings.validation,
            seed: settings.seed,
            file: graphFile
        )
        let neighbourhoods = Neighbourhoods(
            of: split.graph,
            settings: settings.walk,
            seed: settings.seed,
            threads: threads
        )
        let hasher = FeatureHasher(
            catalogue.contents,
            settings: settings.features,
            buckets: settings.model.buckets
        )
        let inputs = ItemInputs(
            ids: catalogue.ids,
            contents: catalogue.contents,
            graph: split.graph,
            hasher: hasher,
            identities: catalogue.ids,
            dense: catalogue.dense
        )
        guard
            let trainer = try Trainer(
                settings,
                graph: split.graph,
                neighbourhoods: neighbourhoods,
                inputs: inputs,
                epochFile: graphFile.appendingPathExtension("epoch"),
                threads: threads
            )
        else {
            throw TrainingError(
                "no context holds two items, so there is nothing to learn from; "
                    + "import edges that do"
            )
        }
        self.settings = settings
        self.threads = threads
        self.trainer = trainer
        self.hasher = hasher
        self.inputs = inputs
        self.neighbourhoods = neighbourhoods
        ids = catalogue.ids
        edgeCount = split.graph.edgeCount
        validation = split
        candidates = catalogue.graph.connectedItems
        status = TrainingStatus(epochs: settings.epochs, steps: trainer.totalSteps)
        start = .now
    }

    /// Takes one step, and at the end of an epoch validates; nil where the run is over.
    ///
    /// - Throws: ``TrainingError`` where the loss is not a number any more.
    package mutating func advance() throws -> News? {
        guard !trainer.isFinished else { return nil }
        let (epoch, rate) = (trainer.epoch, trainer.rate)
        let loss = try trainer.takeStep(threads: threads)
        status.note(
            loss: loss,
            rate: rate,
            epoch: epoch,
            step: trainer.step,
            pairs: trainer.step * settings.batch,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
        guard trainer.isAtEndOfEpoch else { return .step(status) }
        if !validation.pairs.isEmpty {
            let vectors = trainer.model.embedAll(inputs, neighbourhoods, threads: threads)
            status.validation = evaluatePairs(
                validation.pairs,
                vectors: vectors,
                metric: .innerProduct,
                candidates: candidates,
                threads: threads
            )
            // The strength that asks best, which goes with the embeddings.
            for strength in ContextMap.strengths {
                let report = evaluateContexts(
                    validation.contexts,
                    vectors: vectors,
                    metric: .innerProduct,
                    candidates: candidates,
                    strength: strength,
                    threads: threads
                )
                if strength == 0 || report.recall[20] ?? 0 > status.contexts?.recall[20] ?? 0 {
                    status.contexts = report
                    status.contextStrength = strength
                }
            }
        }
        let checkpoint = Checkpoint(
            model: trainer.model,
            settings: settings,
            hasher: hasher,
            itemIDs: ids,
            contextStrength: status.contextStrength
        )
        return .epoch(status, checkpoint)
    }
}
