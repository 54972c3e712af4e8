import BLAS
import EmbeddingStore
package import Evaluation
import Files
import Foundation
import Graph
import PinSage
import Sampling
package import Training
import Vectors

/// What a training run came to.
package struct TrainReport: Report {
    package let epochs: Int
    package let pairs: Int
    package let seconds: Double
    package let pairsPerSecond: Double
    package let loss: Float
    /// On edges that were kept out of training; nil where there were too few to keep any out.
    package let validation: PairReport?
    package let checkpoint: String

    private enum CodingKeys: String, CodingKey {
        case epochs, pairs, seconds, loss, validation, checkpoint
        case pairsPerSecond = "pairs_per_second"
    }

    package var description: String {
        let validation =
            validation.map { ", \($0.summary) on \($0.pairs) held-out pairs" } ?? ""
        return "trained on \(pairs) pairs in \(decimal(seconds, 0)) s "
            + "(\(decimal(pairsPerSecond, 0)) pairs/s), loss \(decimal(Double(loss), 4))"
            + "\(validation)\nmodel: \(checkpoint)"
    }
}

extension Workspace {
    /// Trains a model and writes it to `model/last.safetensors` after every epoch.
    package func train(
        _ settings: TrainingSettings,
        progress: @escaping ProgressHandler
    ) throws -> TrainReport {
        if let complaint = settings.complaint {
            throw CommandError(complaint)
        }
        var settings = settings
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let (graph, store) = try open()
        let (items, _) = try store.catalogue()
        try makeFolder(at: checkpointFile.deletingLastPathComponent())
        let dense = try denseFeatures(of: graph)
        settings.model.dense = dense?.columns ?? 0
        let threads = threadCount(settings.threads)
        BLAS.setThreads(threads)

        let split = try ValidationSplit(
            of: graph,
            count: settings.validation,
            seed: settings.seed,
            file: trainingGraphFile
        )
        progress(.line("walking from \(graph.itemCount) items over \(graph.edgeCount) edges"))
        let neighbourhoods = Neighbourhoods(
            of: split.graph,
            settings: settings.walk,
            seed: settings.seed,
            threads: threads
        )
        let contents = items.map(Content.init)
        let hasher = FeatureHasher(
            contents,
            settings: settings.features,
            buckets: settings.model.buckets
        )
        let ids = items.map(\.id)
        let inputs = ItemInputs(
            ids: ids,
            contents: contents,
            graph: split.graph,
            hasher: hasher,
            identities: ids,
            dense: dense
        )
        guard
            var trainer = Trainer(
                settings,
                graph: split.graph,
                neighbourhoods: neighbourhoods,
                inputs: inputs
            )
        else {
            throw CommandError(
                "no context of \(folder.path) holds two items, so there is nothing to learn from; "
                    + "import edges that do"
            )
        }

        var log = try MetricsLog(at: metricsFile)
        var clock = TrainingClock(trainer)
        var validation: PairReport?
        while !trainer.isFinished {
            let epoch = trainer.epoch
            let loss = try trainer.takeStep(threads: threads)
            clock.note(loss: loss, trainer)
            progress(.update(clock.line(trainer, epoch: epoch)))
            guard trainer.isAtEndOfEpoch else { continue }
            if !split.pairs.isEmpty {
                let vectors = trainer.model.embedAll(inputs, neighbourhoods, threads: threads)
                validation = evaluatePairs(
                    split.pairs,
                    vectors: vectors,
                    metric: .innerProduct,
                    candidates: split.graph.connectedItems
                )
            }
            try Checkpoint(
                model: trainer.model,
                settings: settings,
                hasher: hasher,
                itemIDs: ids
            ).write(to: checkpointFile)
            progress(
                .line(
                    clock.line(trainer, epoch: epoch)
                        + (validation.map { ", " + $0.summary } ?? "")
                )
            )
            try log.append(clock.metrics(trainer, epoch: epoch, validation: validation))
        }
        return TrainReport(
            epochs: settings.epochs,
            pairs: clock.pairs,
            seconds: clock.seconds,
            pairsPerSecond: Double(clock.pairs) / max(clock.seconds, 1e-9),
            loss: clock.loss,
            validation: validation,
            checkpoint: checkpointFile.path
        )
    }
}

/// All processors for 0, else the count itself.
func threadCount(_ count: Int) -> Int {
    count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
}

extension Content {
    init(_ item: Item) {
        self.init(text: item.text, fields: item.fields)
    }
}

extension PairReport {
    /// The hit-rates in a few words.
    var summary: String {
        "hit-rate@10 \(decimal(hitRate[10] ?? 0, 3)), @50 \(decimal(hitRate[50] ?? 0, 3))"
    }
}

extension Graph {
    /// The items that have an edge, ascending.
    var connectedItems: [Int] {
        (0..<itemCount).filter { items.degree(of: $0) > 0 }
    }
}
