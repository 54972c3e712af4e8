package import Evaluation

/// What one training run of an ablation came to.
package struct AblationRun: Encodable, Sendable, Equatable {
    package let seed: UInt64
    package let pairs: PairReport
    /// Of the similarities of items that have an edge; nil where there are no embeddings.
    package let kurtosis: Double?
    /// From the first walk to the last step.
    package let seconds: Double
    package let steps: Int
    /// The time of one step.
    package let stepMilliseconds: Double

    private enum CodingKeys: String, CodingKey {
        case seed, pairs, kurtosis, seconds, steps
        case stepMilliseconds = "step_ms"
    }
}

/// A number that runs of an ablation have.
package enum AblationMeasure: String, CaseIterable, Sendable {
    case hit10 = "hit_rate_10"
    case hit50 = "hit_rate_50"
    case hit500 = "hit_rate_500"
    case mrr100, kurtosis, seconds, steps
    case stepMilliseconds = "step_ms"

    package func value(of run: AblationRun) -> Double? {
        switch self {
        case .hit10: run.pairs.hitRate[10] ?? 0
        case .hit50: run.pairs.hitRate[50] ?? 0
        case .hit500: run.pairs.hitRate[500] ?? 0
        case .mrr100: run.pairs.mrr100
        case .kurtosis: run.kurtosis
        case .seconds: run.seconds
        case .steps: Double(run.steps)
        case .stepMilliseconds: run.stepMilliseconds
        }
    }

    /// What stands above its column.
    var title: String {
        switch self {
        case .hit10: "hit@10"
        case .hit50: "hit@50"
        case .hit500: "hit@500"
        case .mrr100: "MRR/100"
        case .kurtosis: "kurtosis"
        case .seconds: "seconds"
        case .steps: "steps"
        case .stepMilliseconds: "ms/step"
        }
    }

    /// The digits after the point that are worth telling.
    var digits: Int {
        switch self {
        case .hit10, .hit50, .hit500, .mrr100: 4
        case .kurtosis: 2
        case .seconds, .stepMilliseconds: 1
        case .steps: 0
        }
    }
}

/// The middle of a sample, and how far it spreads.
package struct MeanAndDeviation: Encodable, Sendable, Equatable {
    package let mean: Double
    /// The standard deviation, with n - 1 below the sum of squares; nil for a sample of one.
    package let deviation: Double?

    /// Nil for an empty sample.
    package init?(of sample: [Double]) {
        guard !sample.isEmpty else { return nil }
        let mean = sample.reduce(0, +) / Double(sample.count)
        let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        deviation =
            sample.count > 1 ? (squares / Double(sample.count - 1)).squareRoot() : nil
    }
}
