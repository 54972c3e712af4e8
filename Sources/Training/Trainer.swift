package import Graph
package import PinSage
import RealModule
package import Sampling
import Vectors

/// Trains a model on a graph: draws pairs and negatives, computes the loss of a batch, and lets
/// Adam take a step.
package struct Trainer: Sendable {
    package let settings: TrainingSettings
    package private(set) var model: Model
    private let inputs: ItemInputs
    private let pairSampler: PairSampler
    private let negativeSampler: NegativeSampler
    private var builder: SubgraphBuilder
    package private(set) var optimiser = Adam()
    private let stepsPerEpoch: Int

    /// Nil where `graph` has no context of two items, so that there is nothing to learn from.
    package init?(
        _ settings: TrainingSettings,
        graph: Graph,
        neighbourhoods: Neighbourhoods,
        inputs: ItemInputs
    ) {
        guard let pairs = PairSampler(of: graph, damping: settings.pairDamping),
            let negatives = NegativeSampler(of: graph, popularity: settings.negativePopularity)
        else { return nil }
        self.settings = settings
        pairSampler = pairs
        negativeSampler = negatives
        self.inputs = inputs
        model = Model(settings.model, itemCount: graph.itemCount, seed: settings.seed)
        builder = SubgraphBuilder(neighbourhoods)
        stepsPerEpoch = max(1, (graph.edgeCount + settings.batch - 1) / settings.batch)
    }

    /// Goes on where another trainer of the same settings and data has come to.
    package mutating func resume(from model: Model, _ optimiser: Adam) {
        (self.model, self.optimiser) = (model, optimiser)
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
        let peak = settings.rate * (Float(settings.batch) / 2048).squareRoot()
        let progress = Float(step + 1) / Float(stepsPerEpoch)
        return progress <= 1 ? peak * progress : peak * Float.pow(settings.decay, progress - 1)
    }

    /// Takes one step, and returns the loss of its batch.
    ///
    /// - Throws: ``TrainingError`` where the loss is not a number any more.
    package mutating func takeStep(threads: Int) throws(TrainingError) -> Float {
        // A course of its own for each step: the place in the data is the number of the step.
        var generator = SeededGenerator(seed: settings.seed, stream: .max - UInt64(step))
        let pairs = (0..<settings.batch).map { _ in pairSampler.draw(using: &generator) }
        let negatives = (0..<settings.negatives).map { _ in negativeSampler.draw(using: &generator)
        }
        let items = pairs.map(\.query) + pairs.map(\.item) + negatives
        let (subgraph, rows) = builder.build(items, layers: settings.model.layers)
        let pass = model.forward(subgraph, of: inputs, threads: threads)

        let batch = settings.batch
        // A negative that is a pair's own query or item says nothing about that pair.
        let places = Dictionary(grouping: negatives.indices) { negatives[$0] }
        let excluded = pairs.indices.flatMap { pair in
            ((places[pairs[pair].query] ?? []) + (places[pairs[pair].item] ?? []))
                .map { (pair: pair, negative: $0) }
        }
        let result = MaxMarginLoss(margin: settings.margin)(
            queries: pass.embeddings.gather(rows[..<batch]),
            positives: pass.embeddings.gather(rows[batch..<2 * batch]),
            negatives: pass.embeddings.gather(rows[(2 * batch)...]),
            excluded: excluded,
            threads: threads
        )
        guard result.loss.isFinite else {
            throw TrainingError(
                "the loss of step \(step + 1) is \(result.loss); train again with a smaller rate "
                    + "(it is \(settings.rate))"
            )
        }
        var gradient = Matrix(rows: subgraph.targetCount, columns: pass.embeddings.columns)
        gradient.scatter(result.queryGradient, to: rows[..<batch])
        gradient.scatter(result.positiveGradient, to: rows[batch..<2 * batch])
        gradient.scatter(result.negativeGradient, to: rows[(2 * batch)...])
        model.backward(gradient, pass, subgraph, threads: threads)
        optimiser.update(&model, rate: rate, threads: threads)
        return result.loss
    }
}

extension Matrix {
    /// Adds row r of `source` to the row that `rows` names in its r-th place.
    fileprivate mutating func scatter(_ source: Matrix, to rows: ArraySlice<Int>) {
        let width = columns
        var elements = elements.mutableSpan
        let source = source.elements.span
        for (place, row) in rows.enumerated() {
            for index in 0..<width {
                elements[row * width + index] += source[place * width + index]
            }
        }
    }
}
