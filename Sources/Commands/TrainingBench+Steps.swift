import BLAS
import Foundation
import Graph
import PinSage
import Sampling
import Training
import Vectors

extension TrainingBench {
    /// Steps that a trainer takes before it is timed: the first ones meet cold caches.
    private static let warmUp = 5
    /// Seconds of a measurement at scale 1.
    private static let patience = 5.0

    /// Steps of a trainer, in turn with products of a size that such steps are made of.
    func measureTraining(
        on graph: Graph,
        _ progress: ProgressHandler
    ) throws -> TrainingBenchReport.StepSpeed {
        let settings = stepSettings
        progress(.line("walking from \(graph.itemCount) items over \(graph.edgeCount) edges"))
        let neighbourhoods = Neighbourhoods(
            of: graph,
            settings: settings.walk,
            seed: seed,
            threads: threads
        )
        guard
            var trainer = try Trainer(
                settings,
                graph: graph,
                neighbourhoods: .kept(neighbourhoods),
                inputs: inputs(of: graph, settings),
                // Only a leak guard has a graph for each epoch.
                epochFile: FileManager.default.temporaryDirectory,
                threads: threads
            )
        else {
            throw CommandError("the generated graph has no context of two items; raise --scale")
        }
        for _ in 0..<Self.warmUp {
            _ = try trainer.takeStep(threads: threads)
        }
        _ = productRate()
        var stepRates: [Double] = []
        var productRates: [Double] = []
        for turn in 1...repeats {
            progress(.update("steps, \(turn) of \(repeats)"))
            let before = trainer.step
            let start = ContinuousClock.now
            let end = start + .seconds(Self.patience * min(1, scale))
            repeat {
                _ = try trainer.takeStep(threads: threads)
            } while ContinuousClock.now < end
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            stepRates.append(Double(trainer.step - before) / seconds)
            productRates.append(productRate())
        }
        return TrainingBenchReport.StepSpeed(
            graph: TrainingBenchReport.Size(of: graph),
            settings: settings,
            steps: trainer.step - Self.warmUp,
            pairRate: Rate(stepRates.map { $0 * Double(settings.batch) }),
            stepFlops: stepFlops(of: settings, on: graph, neighbourhoods),
            flopRate: Rate(productRates)
        )
    }

    private var stepSettings: TrainingSettings {
        var settings = TrainingSettings()
        (settings.batch, settings.negatives) = (512, 500)
        // What the peers' examples are: pairs alone, by a margin.
        (settings.loss.kind, settings.contextShare) = (.maxMargin, 0)
        (settings.model.layers, settings.model.identity) = (2, true)
        (settings.model.hidden, settings.model.dimension) = (64, 64)
        (settings.walk.walks, settings.walk.neighbours) = (50, 10)
        settings.seed = seed
        return settings
    }

    /// Inputs of items without content: a degree, and a vector of their own.
    private func inputs(of graph: Graph, _ settings: TrainingSettings) -> ItemInputs {
        let ids = (0..<graph.itemCount).map(String.init)
        let contents = ids.map { _ in Content(text: "", fields: [:]) }
        return ItemInputs(
            ids: ids,
            contents: contents,
            graph: graph,
            hasher: FeatureHasher(
                contents,
                settings: settings.features,
                buckets: settings.model.buckets
            ),
            identities: ids,
            dense: nil
        )
    }

    /// The floating-point operations of a second in products (4096, 64) (64, 64).
    private func productRate() -> Double {
        let (rows, width, products) = (4096, 64, 200)
        var generator = SeededGenerator(seed: seed)
        func random(_ rows: Int) -> Matrix {
            Matrix(
                rows: rows,
                columns: width,
                elements: (0..<rows * width).map { _ in generator.unit() }
            )
        }
        let (a, b) = (random(rows), random(width))
        var c = Matrix(rows: rows, columns: width)
        let seconds = seconds {
            for _ in 0..<products {
                c.addProduct(a, b, beta: 0, threads: threads)
            }
        }
        return Double(2 * rows * width * width * products) / seconds
    }
}
