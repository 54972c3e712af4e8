import Datasets
import EmbeddingStore
package import Evaluation
import Files
import Foundation
import Graph
package import Training
import Vectors

/// What a training run came to.
package struct TrainReport: Report {
    /// Those that were done to their end, in this sitting and before.
    package let epochs: Int
    package let pairs: Int
    package let seconds: Double
    package let pairsPerSecond: Double
    package let loss: Float
    /// Of the best epoch, whose model is the one to embed with, on what was kept out of training: the
    /// pairs of new items, or else of edges; nil where there were too few to keep any out.
    package let validation: PairReport?
    package let bestEpoch: Int?
    /// Whether the validation got no better for as many epochs as there was patience for.
    package let stoppedEarly: Bool
    /// Whether the run was stopped from outside, and waits to be resumed.
    package let interrupted: Bool
    package let checkpoint: String

    fileprivate init(of run: borrowing TrainingRun, checkpoint: String) {
        let status = run.status
        epochs = status.completedEpochs
        pairs = status.pairs
        seconds = status.seconds
        pairsPerSecond = status.pairsPerSecond
        loss = status.loss
        validation = status.best?.validation
        bestEpoch = status.best?.epoch
        stoppedEarly = run.stopsEarly
        interrupted = !run.isOver
        self.checkpoint = checkpoint
    }

    private enum CodingKeys: String, CodingKey {
        case epochs, pairs, seconds, loss, validation, interrupted, checkpoint
        case pairsPerSecond = "pairs_per_second"
        case bestEpoch = "best_epoch"
        case stoppedEarly = "stopped_early"
    }

    package var description: String {
        var lines = [
            "trained on \(pairs) pairs in \(decimal(seconds, 0)) s "
                + "(\(decimal(pairsPerSecond, 0)) pairs/s), loss \(decimal(Double(loss), 4))"
        ]
        if let validation, let bestEpoch {
            lines.append(
                "best of \(epochs) epochs: \(bestEpoch), \(validation.summary) on "
                    + "\(validation.pairs) held-out pairs"
                    + (stoppedEarly ? "; stopped early, since no later one was better" : "")
            )
        }
        if pairs > 0 {
            lines.append("model: \(checkpoint)")
        }
        return lines.joined(separator: "\n")
    }
}

extension Workspace {
    /// Trains a model; everything about it lies in `model/` afterwards.
    ///
    /// With `resuming` the last run goes on. `settings` makes the settings of the run from those
    /// of the last one, or from the defaults. `shouldStop` is asked before every step; where it
    /// says so, the run is saved as it stands, and ends.
    package func train(
        resuming: Bool = false,
        settings: (TrainingSettings) throws -> TrainingSettings,
        shouldStop: @Sendable () -> Bool = { false },
        progress: ProgressHandler
    ) throws -> TrainReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        keepFreedMemory()
        try makeFolder(at: modelFolder.url)
        var run = try beginRun(resuming: resuming, settings: settings, progress: progress)
        var record = try RunRecord(of: run, in: modelFolder)
        while !shouldStop(), let news = try run.advance() {
            try record.note(news, of: run)
            switch news {
            case .step(let status):
                progress(.update(status.line))
            case .epoch(let status):
                progress(.line(status.line + status.validated))
            }
        }
        try record.save(run)
        if !run.isOver {
            let step = run.status.step
            progress(
                .line(
                    step == 0
                        ? "stopped before the first step, nothing was saved"
                        : "stopped after step \(step) of \(run.status.steps); "
                            + "go on with: corkboard train --resume -w \(folder.path)"
                )
            )
        }
        return TrainReport(of: run, checkpoint: modelFolder.last.path)
    }

    /// A run on this catalogue, from its beginning or from the last checkpoint.
    private func beginRun(
        resuming: Bool,
        settings: (TrainingSettings) throws -> TrainingSettings,
        progress: ProgressHandler
    ) throws -> TrainingRun {
        let (graph, store) = try open()
        let checkpoint = resuming ? try Checkpoint(contentsOf: modelFolder.last) : nil
        let settings = try settings(checkpoint?.settings ?? TrainingSettings())
        if let complaint = settings.complaint {
            throw CommandError(complaint)
        }
        let catalogue = try trainingCatalogue(graph, store)
        progress(.line("walking from \(graph.itemCount) items over \(graph.edgeCount) edges"))
        let run = try TrainingRun(
            settings,
            on: catalogue,
            graphFile: modelFolder.trainingGraph,
            threads: threadCount(settings.threads),
            resuming: checkpoint,
            after: try checkpoint.map(modelFolder.seconds) ?? 0
        )
        if resuming {
            let position = "after step \(run.status.step) of \(run.status.steps)"
            progress(
                .line(
                    run.isOver
                        ? "the run is over \(position); for more, raise epochs, or patience where "
                            + "it ended the run"
                        : "going on \(position)"
                )
            )
        }
        return run
    }

    /// The imported catalogue, as training wants it.
    func trainingCatalogue(
        _ graph: Graph,
        _ store: EmbeddingStore
    ) throws -> TrainingRun.Catalogue {
        let (items, _) = try store.catalogue()
        return TrainingRun.Catalogue(
            graph: graph,
            ids: items.map(\.id),
            contents: items.map(Content.init),
            dense: try denseFeatures(in: store)?.matrix()
        )
    }
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

extension ContextReport {
    /// The recall in a few words, to go on.
    fileprivate var summary: String {
        recall[20].map { ", recall@20 \(decimal($0, 3))" } ?? ""
    }
}

extension TrainingStatus {
    /// How the held-out edges were found, to go on the line.
    fileprivate var validated: String {
        let known = validation.map { ", \($0.summary)\(contexts?.summary ?? "")" } ?? ""
        let new = newItems.map { "; new items: \($0.pairs.summary)\($0.contexts.summary)" } ?? ""
        return known + new
    }

    /// A line for people: how far, how well, how fast, how long yet.
    var line: String {
        "epoch \(epoch)/\(epochs), \(decimal(100 * Double(step) / Double(steps), 0)) %, "
            + "loss \(decimal(Double(loss), 4)), \(decimal(pairsPerSecond, 0)) pairs/s, "
            + "\(decimal(secondsLeft, 0)) s left"
    }
}
