import EmbeddingStore
package import Evaluation
import Files
import Foundation
import Graph
package import Training

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
        progress: ProgressHandler
    ) throws -> TrainReport {
        if let complaint = settings.complaint {
            throw CommandError(complaint)
        }
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let (graph, store) = try open()
        let (items, _) = try store.catalogue()
        try makeFolder(at: checkpointFile.deletingLastPathComponent())
        let threads = threadCount(settings.threads)

        progress(.line("walking from \(graph.itemCount) items over \(graph.edgeCount) edges"))
        var run = try TrainingRun(
            settings,
            on: TrainingRun.Catalogue(
                graph: graph,
                ids: items.map(\.id),
                contents: items.map(Content.init),
                dense: try denseFeatures(of: graph)
            ),
            graphFile: trainingGraphFile,
            threads: threads
        )
        var log = try MetricsLog(at: metricsFile)
        var last: TrainingStatus?
        while let news = try run.advance() {
            switch news {
            case .step(let status):
                progress(.update(status.line))
            case .epoch(let status, let checkpoint):
                try checkpoint.write(to: checkpointFile)
                try log.append(status)
                progress(.line(status.line + (status.validation.map { ", \($0.summary)" } ?? "")
                    + (status.contexts?.recall[20].map { ", recall@20 \(decimal($0, 4))" } ?? "")))
                last = status
            }
        }
        guard let last else { preconditionFailure("a run has at least one epoch") }
        return TrainReport(
            epochs: last.epochs,
            pairs: last.pairs,
            seconds: last.seconds,
            pairsPerSecond: last.pairsPerSecond,
            loss: last.loss,
            validation: last.validation,
            checkpoint: checkpointFile.path
        )
    }
}

/// The metrics of a run, one JSON object for each epoch.
private struct MetricsLog {
    private let handle: FileHandle

    /// Begins a new log at `url`.
    init(at url: URL) throws {
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    mutating func append(_ status: TrainingStatus) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try handle.write(contentsOf: encoder.encode(status) + Data("\n".utf8))
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

extension TrainingStatus {
    /// A line for people: how far, how well, how fast, how long yet.
    var line: String {
        "epoch \(epoch)/\(epochs), \(decimal(100 * Double(step) / Double(steps), 0)) %, "
            + "loss \(decimal(Double(loss), 4)), \(decimal(pairsPerSecond, 0)) pairs/s, "
            + "\(decimal(secondsLeft, 0)) s left"
    }
}
