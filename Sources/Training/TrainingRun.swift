import Files
package import Foundation
package import Graph
import PinSage
import Sampling
package import Vectors

/// A whole training run: steps, after each epoch a validation, and at any moment a checkpoint from
/// which another run goes on bit for bit.
///
/// ```swift
/// var run = try TrainingRun(settings, on: catalogue, graphFile: url, threads: 2)
/// while let news = try run.advance() {
///     if case .epoch(let status) = news { try run.checkpoint.write(to: url) }
/// }
/// ```
/// It leaves no file but the graph without the validation edges, which it writes to `graphFile`;
/// a validation takes room on the disk beside it.
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
        /// The last step of an epoch, and its validation.
        case epoch(TrainingStatus)
    }

    /// How many edges there are to learn from.
    package let edgeCount: Int
    package private(set) var status: TrainingStatus
    private let graph: Checksum
    package let settings: TrainingSettings
    private let ids: [String]
    private let hasher: FeatureHasher
    private let inputs: ItemInputs
    private let neighbourhoods: NeighbourhoodSource
    private let validation: Validation
    private let scratch: URL
    private let threads: Int
    private var trainer: Trainer
    private let start: ContinuousClock.Instant

    /// Makes the features, takes out what the validation asks for, and walks.
    ///
    /// The run goes on at `checkpoint` where there is one, having taken `seconds` before.
    ///
    /// - Throws: ``TrainingError`` where no context has two items, or where `checkpoint` is of
    ///   another graph or configuration; the error of the file below.
    package init(
        _ settings: TrainingSettings,
        on catalogue: Catalogue,
        graphFile: URL,
        threads: Int,
        resuming checkpoint: Checkpoint? = nil,
        after seconds: Double = 0
    ) throws {
        var settings = settings
        settings.model.dense = catalogue.dense?.columns ?? 0
        try checkpoint?.requireSame(settings, catalogue)
        let hasher = FeatureHasher(
            catalogue.contents,
            settings: settings.features,
            buckets: settings.model.buckets
        )
        try checkpoint?.requireSame(hasher)
        let validation = try Validation(
            of: catalogue.graph,
            settings: settings,
            file: graphFile
        )
        let neighbourhoods = NeighbourhoodSource(
            of: validation.graph,
            settings: settings.walk,
            seed: settings.seed,
            when: settings.neighbourhoods,
            threads: threads
        )
        var inputs = ItemInputs(
            ids: catalogue.ids,
            contents: catalogue.contents,
            graph: validation.graph,
            hasher: hasher,
            identities: catalogue.ids,
            dense: catalogue.dense
        )
        for item in validation.newItems {
            inputs.identities[item] = nil
        }
        guard
            var trainer = try Trainer(
                settings,
                graph: validation.graph,
                neighbourhoods: neighbourhoods,
                inputs: inputs,
                epochFile: graphFile.appendingPathExtension("epoch"),
                threads: threads
            )
        else {
            throw TrainingError(
                settings.pairs == .consecutive && !validation.graph.contexts.isTimed
                    ? "pairs=consecutive needs edges with times, and these have none; import edges "
                        + "with a fourth column, or take pairs=contexts"
                    : "no context "
                        + (settings.contextSample < 1
                            ? "of the share context_sample=\(settings.contextSample) " : "")
                        + "holds two items, so there is nothing to learn from; import edges that do"
                        + (settings.contextSample < 1 ? ", or raise context_sample" : "")
            )
        }
        status = TrainingStatus(epochs: settings.epochs, steps: trainer.totalSteps)
        if let checkpoint, let optimiser = checkpoint.optimiser {
            trainer.resume(from: checkpoint.model, optimiser)
            status = checkpoint.status
            status.resume(
                epochs: settings.epochs,
                steps: trainer.totalSteps,
                seconds: seconds
            )
        }
        self.settings = settings
        self.scratch = graphFile.deletingLastPathComponent()
        self.threads = threads
        self.trainer = trainer
        self.hasher = hasher
        self.inputs = inputs
        self.neighbourhoods = neighbourhoods
        ids = catalogue.ids
        edgeCount = validation.graph.edgeCount
        self.validation = validation
        graph = catalogue.graph.checksum
        start = .now - .seconds(seconds)
    }

    /// Whether the validation got no better for as many epochs as the settings have patience for.
    package var stopsEarly: Bool {
        trainer.isAtEndOfEpoch && status.isOutOfPatience(settings.patience)
    }

    /// Whether there are no more steps to take.
    package var isOver: Bool { trainer.isFinished || stopsEarly }

    /// The run as it stands after its last step.
    package var checkpoint: Checkpoint {
        Checkpoint(
            model: trainer.model,
            settings: settings,
            hasher: hasher,
            itemIDs: ids,
            graph: graph,
            status: status,
            optimiser: trainer.optimiser
        )
    }

    /// Takes one step, and at the end of an epoch validates; nil where the run is over.
    ///
    /// - Throws: ``TrainingError`` where the loss is not a number any more; `FileError` where the
    ///   disk has no room for the validation.
    package mutating func advance() throws -> News? {
        guard !isOver else { return nil }
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
        try validate()
        return .epoch(status)
    }

    /// Measures what was kept out of training.
    private mutating func validate() throws {
        guard validation.asks else { return }
        let vectors = try trainer.model.embedAll(
            ItemSource(inputs, neighbourhoods, threads: threads),
            scratch: scratch,
            threads: threads
        ).matrix
        if let report = validation(vectors, threads: threads) {
            status.note(report)
        }
    }
}
