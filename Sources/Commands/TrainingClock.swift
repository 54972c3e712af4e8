import Evaluation
import Foundation
import Training

/// How a training run goes: time, speed, and a loss smoothed over steps.
struct TrainingClock {
    /// The share of the last loss in the smoothed one.
    private static let smoothing: Float = 0.05

    private let start = ContinuousClock.now
    private let batch: Int
    private(set) var seconds: Double = 0
    private(set) var loss: Float = 0
    private(set) var pairs = 0

    init(_ trainer: Trainer) {
        batch = trainer.settings.batch
    }

    mutating func note(loss last: Float, _ trainer: Trainer) {
        loss = trainer.step == 1 ? last : loss + Self.smoothing * (last - loss)
        pairs = trainer.step * batch
        seconds = (ContinuousClock.now - start) / .seconds(1)
    }

    func line(_ trainer: Trainer, epoch: Int) -> String {
        let share = Double(trainer.step) / Double(trainer.totalSteps)
        let left = seconds / share - seconds
        return "epoch \(epoch)/\(trainer.settings.epochs), \(decimal(100 * share, 0)) %, "
            + "loss \(decimal(Double(loss), 4)), "
            + "\(decimal(Double(pairs) / max(seconds, 1e-9), 0)) pairs/s, "
            + "\(decimal(left, 0)) s left"
    }

    func metrics(_ trainer: Trainer, epoch: Int, validation: PairReport?) -> EpochMetrics {
        EpochMetrics(
            epoch: epoch,
            step: trainer.step,
            pairs: pairs,
            seconds: seconds,
            loss: loss,
            rate: trainer.rate,
            validation: validation
        )
    }
}

/// One line of `model/metrics.jsonl`.
struct EpochMetrics: Codable, Sendable {
    var epoch: Int
    var step: Int
    var pairs: Int
    var seconds: Double
    var loss: Float
    var rate: Float
    var validation: PairReport?
}

/// The metrics of a run, one JSON object a line.
struct MetricsLog {
    private let handle: FileHandle

    /// Begins a new log at `url`.
    init(at url: URL) throws {
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    mutating func append(_ metrics: EpochMetrics) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try handle.write(contentsOf: encoder.encode(metrics) + Data("\n".utf8))
    }
}
