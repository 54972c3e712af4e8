import Training

/// Tells how far a pass over all items is, and how long its present stage will take yet.
struct StageClock {
    /// The first news of the present stage, which come when a part of it is done, and their moment.
    private var first: (progress: EmbeddingProgress, moment: ContinuousClock.Instant)?

    /// A line for people, for `progress` that was made at the moment `now`.
    mutating func line(_ progress: EmbeddingProgress, at now: ContinuousClock.Instant) -> String {
        let text =
            progress.stage.text
            + ", \(decimal(100 * Double(progress.done) / Double(progress.count), 0)) %"
        guard let first, first.progress.stage == progress.stage else {
            first = (progress, now)
            return text
        }
        let rate =
            Double(progress.done - first.progress.done) / ((now - first.moment) / .seconds(1))
        return text + ", \(decimal(Double(progress.count - progress.done) / rate, 0)) s left"
    }
}

extension EmbeddingProgress.Stage {
    fileprivate var text: String {
        switch self {
        case .walks: "walks"
        case .input: "input"
        case .layer(let number, let count): "layer \(number) of \(count)"
        }
    }
}
