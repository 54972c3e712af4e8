package import Evaluation

/// How far a training run is, how fast, and how well it goes.
package struct TrainingStatus: Codable, Sendable, Equatable {
    /// The share of the last loss in the smoothed one.
    private static let smoothing: Float = 0.05

    package let epochs: Int
    /// Steps of the whole run.
    package let steps: Int
    /// The epoch of the last step, from 1.
    package private(set) var epoch = 0
    package private(set) var step = 0
    package private(set) var pairs = 0
    package private(set) var seconds: Double = 0
    /// The loss, smoothed over steps.
    package private(set) var loss: Float = 0
    /// The learning rate of the last step.
    package private(set) var rate: Float = 0
    /// Of the last epoch that ended; nil where no edges were kept out of training.
    package internal(set) var validation: PairReport?
    /// The same edges, asked for by their contexts.
    package internal(set) var contexts: ContextReport?
    /// The strength of the ``ContextMap`` by which contexts asked best.
    package internal(set) var contextStrength: Float = 0

    init(epochs: Int, steps: Int) {
        self.epochs = epochs
        self.steps = steps
    }

    package var pairsPerSecond: Double { Double(pairs) / max(seconds, 1e-9) }

    /// The seconds that the run will still take, at the speed so far.
    package var secondsLeft: Double {
        step == 0 ? 0 : seconds * Double(steps - step) / Double(step)
    }

    mutating func note(
        loss last: Float,
        rate: Float,
        epoch: Int,
        step: Int,
        pairs: Int,
        seconds: Double
    ) {
        loss = step == 1 ? last : loss + Self.smoothing * (last - loss)
        self.rate = rate
        self.epoch = epoch
        self.step = step
        self.pairs = pairs
        self.seconds = seconds
    }
}
