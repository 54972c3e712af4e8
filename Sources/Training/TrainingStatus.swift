package import Evaluation

/// How far a training run is, how fast, and how well it goes.
package struct TrainingStatus: Codable, Sendable, Equatable {
    /// The share of the last loss in the smoothed one.
    private static let smoothing: Float = 0.05

    /// The epoch whose model found most of what was held out.
    package struct BestEpoch: Codable, Sendable, Equatable {
        package let epoch: Int
        /// Its last step.
        package let step: Int
        package let validation: PairReport
    }

    package private(set) var epochs: Int
    /// Steps of the whole run.
    package private(set) var steps: Int
    /// The epoch of the last step, from 1.
    package private(set) var epoch = 0
    package private(set) var step = 0
    package private(set) var pairs = 0
    /// Of all the sittings in which a run was done.
    package private(set) var seconds: Double = 0
    /// The loss, smoothed over steps.
    package private(set) var loss: Float = 0
    /// The learning rate of the last step.
    package private(set) var rate: Float = 0
    /// Of the last epoch that ended; nil where no edges were kept out of training.
    package private(set) var validation: PairReport?
    /// The same edges, asked for by their contexts.
    package private(set) var contexts: ContextReport?
    /// The same of items that were kept out whole; nil where none were.
    package private(set) var newItems: ValidationReport.NewItems?
    /// The strength of the ``ContextMap`` by which contexts asked best.
    package private(set) var contextStrength: Float = 0
    /// By hit-rate@50, that of new items where there are any.
    ///
    /// The first of equals; nil where nothing was kept out of training.
    package private(set) var best: BestEpoch?

    private enum CodingKeys: String, CodingKey {
        case epochs, steps, epoch, step, pairs, seconds, loss, rate, validation, contexts, best
        case newItems = "new_items"
        case contextStrength = "context_strength"
    }

    init(epochs: Int, steps: Int) {
        self.epochs = epochs
        self.steps = steps
    }

    package var completedEpochs: Int { step / max(1, steps / max(1, epochs)) }
    package var pairsPerSecond: Double { Double(pairs) / max(seconds, 1e-9) }

    /// The seconds that the run will still take, at the speed so far.
    package var secondsLeft: Double {
        step == 0 ? 0 : seconds * Double(steps - step) / Double(step)
    }

    /// Whether the last step ended the best epoch so far.
    package var isBest: Bool { best?.step == step }

    /// Whether `patience` epochs in a row were no better than the best one; never for 0.
    func isOutOfPatience(_ patience: Int) -> Bool {
        guard patience > 0, let best else { return false }
        return completedEpochs - best.epoch >= patience
    }

    /// The same but for the time, which no two runs share.
    var withoutTime: TrainingStatus {
        var status = self
        status.seconds = 0
        return status
    }

    /// The same but for the validation, which belongs to the ends of epochs.
    var withoutValidation: TrainingStatus {
        var status = self
        (status.validation, status.contexts, status.newItems) = (nil, nil, nil)
        status.best = nil
        status.contextStrength = 0
        return status
    }

    /// Goes on in a run of `epochs` epochs and `steps` steps.
    mutating func resume(epochs: Int, steps: Int, seconds: Double) {
        (self.epochs, self.steps, self.seconds) = (epochs, steps, seconds)
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

    /// Takes the validation of the epoch that the last step ended.
    mutating func note(_ report: ValidationReport) {
        validation = report.pairs
        contexts = report.contexts
        newItems = report.newItems
        contextStrength = report.contextStrength
        guard let pairs = report.decisive else { return }
        if let best, best.validation.decisive >= pairs.decisive { return }
        best = BestEpoch(epoch: epoch, step: step, validation: pairs)
    }
}

extension PairReport {
    /// The figure by which epochs are compared: the hit-rate@50.
    fileprivate var decisive: Double { hitRate[50] ?? 0 }
}
