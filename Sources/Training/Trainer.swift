package import Foundation
package import Graph
package import PinSage
import RealModule
package import Sampling

/// Trains a model on a graph: makes batches, computes their loss, and lets the optimiser take steps.
package struct Trainer: Sendable {
    package let settings: TrainingSettings
    package private(set) var model: Model
    private let graph: Graph
    private let inputs: ItemInputs
    private let neighbourhoods: NeighbourhoodSource
    private let hardNegatives: HardNegatives?
    private let epochFile: URL
    private let loss: RankingLoss
    package private(set) var optimiser: Optimiser
    /// The maker of the batches of the epoch that was begun last, which is `begun`.
    private var maker: BatchMaker
    private var begun = 1
    /// Batches of the next steps, in the making.
    private var pending: [PendingBatch] = []
    private let stepsPerEpoch: Int

    /// Nil where `graph` has no context of two items, so that there is nothing to learn from.
    ///
    /// `neighbourhoods` are those of `graph`; where a leak guard asks for others, each epoch walks
    /// anew on a graph that it writes to `epochFile`.
    package init?(
        _ settings: TrainingSettings,
        graph: Graph,
        neighbourhoods: NeighbourhoodSource,
        inputs: ItemInputs,
        epochFile: URL,
        threads: Int
    ) throws {
        guard
            let epoch = try Epoch(
                1,
                of: graph,
                neighbourhoods,
                settings: settings,
                file: epochFile,
                threads: threads
            )
        else { return nil }
        self.settings = settings
        self.graph = graph
        self.neighbourhoods = neighbourhoods
        self.inputs = inputs
        self.epochFile = epochFile
        hardNegatives =
            settings.hardNegatives == .never
            ? nil
            : HardNegatives(
                of: graph,
                settings: settings.hard,
                seed: settings.seed,
                threads: threads
            )
        maker = BatchMaker(
            settings,
            epoch: epoch,
            inputs: inputs,
            hardNegatives: hardNegatives
        )
        model = Model(
            settings.model,
            itemCount: graph.itemCount,
            identities: settings.model.identity && settings.model.spectral
                ? spectralVectors(
                    of: graph,
                    dimension: settings.model.dimension,
                    settings: settings.spectral,
                    seed: settings.seed,
                    threads: threads
                ) : nil,
            words: !settings.model.identity && settings.model.spectral
                ? spectralWords(
                    of: graph,
                    content: inputs.content,
                    buckets: settings.model.buckets,
                    dimension: settings.model.dimension,
                    settings: settings.spectral,
                    seed: settings.seed,
                    threads: threads
                ) : nil,
            seed: settings.seed
        )
        optimiser = Optimiser(settings.optimiser)
        loss = RankingLoss(settings.loss, isNormalised: settings.model.normalise)
        stepsPerEpoch = max(1, (graph.edgeCount + settings.batch - 1) / settings.batch)
    }

    /// Goes on where another trainer of the same settings and data has come to.
    package mutating func resume(from model: Model, _ optimiser: Optimiser) {
        (self.model, self.optimiser) = (model, optimiser)
        pending = []
    }

    package var totalSteps: Int { settings.epochs * stepsPerEpoch }
    package var step: Int { optimiser.step }
    package var isFinished: Bool { step >= totalSteps }
    /// The epoch that the next step belongs to, from 1.
    package var epoch: Int { step / stepsPerEpoch + 1 }
    /// Whether the last step was the last of its epoch.
    package var isAtEndOfEpoch: Bool { step > 0 && step.isMultiple(of: stepsPerEpoch) }

    /// The learning rate of the next step.
    ///
    /// A linear warm-up over the first epoch, then an exponential decay (section 3.3 of the paper).
    package var rate: Float {
        let size = Float(settings.batch) / 2048
        let peak = settings.rate * (settings.optimiser.kind == .sgd ? size : size.squareRoot())
        let progress = Float(step + 1) / Float(stepsPerEpoch)
        return progress <= 1 ? peak * progress : peak * Float.pow(settings.decay, progress - 1)
    }

    /// The batch of the next step; lets those after it be made meanwhile, up to the epoch's end.
    private mutating func nextBatch() -> Batch {
        let epochEnd = epoch * stepsPerEpoch
        while pending.count <= settings.prefetch, step + pending.count < epochEnd {
            pending.append(PendingBatch(step + pending.count, by: maker, epoch: epoch))
        }
        return pending.removeFirst().batch
    }

    /// Takes one step, and returns the loss of its batch.
    ///
    /// - Throws: ``TrainingError`` where the loss is not a number any more; the error of the file
    ///   that an epoch writes.
    package mutating func takeStep(threads: Int) throws -> Float {
        if epoch != begun, settings.leakGuard > 0 {
            guard
                let next = try Epoch(
                    epoch,
                    of: graph,
                    neighbourhoods,
                    settings: settings,
                    file: epochFile,
                    threads: threads
                )
            else { preconditionFailure("the graph held pairs when the run began") }
            maker = BatchMaker(
                settings,
                epoch: next,
                inputs: inputs,
                hardNegatives: hardNegatives
            )
        }
        begun = epoch
        let batch = nextBatch()
        let pass = model.forward(batch.subgraph, of: batch.inputs, threads: threads)
        let (loss, gradient) = loss(pass.embeddings, batch.judged, threads: threads)
        guard loss.isFinite else {
            throw TrainingError(
                "the loss of step \(step + 1), in epoch \(epoch), is \(loss); train again with a "
                    + "smaller rate (it is \(settings.rate))"
            )
        }
        model.backward(gradient, pass, batch.subgraph, threads: threads)
        optimiser.update(&model, rate: rate, threads: threads)
        return loss
    }
}
