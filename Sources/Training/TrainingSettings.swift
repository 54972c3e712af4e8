package import PinSage
package import Sampling

/// Everything that decides what a training run does; a run with the same settings, data and
/// threads gives the same bytes.
package struct TrainingSettings: Codable, Sendable, Equatable {
    package var model = ModelSettings()
    package var walk = WalkSettings()
    package var features = FeatureSettings()
    package var loss = LossSettings()
    package var spectral = SpectralSettings()
    package var optimiser = OptimiserSettings()
    package var hard = HardNegativeSettings()

    /// When walks find the neighbourhoods.
    package var neighbourhoods = NeighbourhoodSchedule.epoch
    /// Passes; one pass draws as many pairs as the graph has edges.
    package var epochs = 5
    /// Pairs in a batch.
    package var batch = 2048
    /// Negatives that all pairs of a batch share (500 in the paper).
    package var negatives = 500
    /// 0 draws negatives evenly, 1 by degree (see ``NegativeSampler``).
    package var negativePopularity: Float = 0
    /// When pairs have hard negatives of their own, beside the shared ones.
    package var hardNegatives = HardSchedule.never
    /// The most hard negatives of a pair (6 in the paper).
    package var mostHardNegatives = 6
    /// Where pairs come from.
    package var pairs = PairSource.coMembership
    /// The share of contexts that training learns from (a fifth in the paper); embedding takes all.
    package var contextSample: Float = 1
    /// How far frequent items are kept out of the pairs (see ``ExampleSampler``).
    package var pairDamping: Float = 0
    /// The share of edges that an epoch sets aside for its pairs to lead to, its walks taking the
    /// others (see ``EdgeSplit``); 0 lets a pair's own context into its walks.
    package var leakGuard: Float = 0
    /// The share of a batch whose queries are the mean of several items of a context, as a
    /// context asks; the rest are pairs.
    package var contextShare: Float = 0.5
    /// The most items in such a query.
    package var contextItems = 16
    /// The share of items that a batch shows as if they were new, without neighbourhood, identity
    /// and degree, so that the model learns to embed items by their content alone.
    ///
    /// At 1, with `walk.neighbours` 0, an item's content is all that the model is ever shown of it.
    package var coldShare: Float = 0
    /// The share of an item's words and fields that a batch leaves out, each by chance, so that no
    /// item is learnt by heart by a rare word of its own.
    @DefaultsToZero package var wordDropout: Float = 0
    /// The learning rate at the end of the warm-up, for a batch of 2048 pairs; it grows with the
    /// square root of the batch, as is usual for Adam, and with the batch for gradient descent.
    package var rate: Float = 0.003
    /// What the learning rate is multiplied by in every epoch after the first.
    package var decay: Float = 0.8
    /// Edges kept out of training to see how well it goes; at most a twentieth of all edges.
    package var validation = 2000
    /// Items taken out of training whole, as if they were new; at most a tenth of those that have
    /// three edges or more.
    ///
    /// Where there are any, the best epoch is the one that embeds them best, and contexts ask in the
    /// way that finds them best.
    @DefaultsToZero package var validationItems = 0
    /// Epochs in a row without a better hit-rate@50 on those edges, after which training stops
    /// early; 0 lets it run to its end.
    package var patience = 0
    /// Seconds from one checkpoint to the next within an epoch; 0 leaves those at epochs' ends.
    package var checkpointSeconds = 300
    package var seed: UInt64 = 1
    /// Threads for walks and matrix products; 0 stands for all processors.
    package var threads = 0
    /// Batches that are made ahead, while others are computed; 0 makes each when its turn comes.
    package var prefetch = 2

    package init() {}

    /// What is wrong with these settings, in a sentence, or nil.
    package var complaint: String? {
        rules.first { !$0.holds }
            .map { "\($0.name) is \($0.value), but must be \($0.range); change it and try again" }
    }

    private struct Rule {
        var name: String
        var value: any CustomStringConvertible
        var range: String
        var holds: Bool
    }

    private var rules: [Rule] {
        func atLeast(_ bound: Int, _ name: String, _ value: Int) -> Rule {
            Rule(name: name, value: value, range: "at least \(bound)", holds: value >= bound)
        }
        func within(_ range: ClosedRange<Int>, _ name: String, _ value: Int) -> Rule {
            Rule(
                name: name,
                value: value,
                range: "from \(range.lowerBound) to \(range.upperBound)",
                holds: range.contains(value)
            )
        }
        func within(_ range: ClosedRange<Float>, _ name: String, _ value: Float) -> Rule {
            Rule(
                name: name,
                value: value,
                range: "from \(range.lowerBound) to \(range.upperBound)",
                holds: range.contains(value)
            )
        }
        func product(_ name: String, _ a: Int, _ b: Int) -> Rule {
            let (value, tooLarge) = a.multipliedReportingOverflow(by: b)
            return within(0...(1 << 32 - 1), name, tooLarge ? Int.max : value)
        }
        return [
            within(1...100_000, "epochs", epochs),
            within(1...1_000_000, "batch", batch),
            within(1...1_000_000, "negatives", negatives),
            within(-8...8, "negative_popularity", negativePopularity),
            within(-8...8, "pair_damping", pairDamping),
            within(0...0.9, "leak_guard", leakGuard),
            within(0...1, "context_share", contextShare),
            within(1...10_000, "context_items", contextItems),
            within(0...1, "cold_share", coldShare),
            within(0...0.9, "word_dropout", wordDropout),
            within(0...1_000, "loss.margin", loss.margin),
            within(1e-3...1_000, "loss.temperature", loss.temperature),
            within(1e-9...10, "rate", rate),
            within(1e-9...1, "decay", decay),
            atLeast(0, "validation", validation),
            atLeast(0, "validation_items", validationItems),
            within(0...100_000, "patience", patience),
            within(0...1_000_000, "checkpoint_seconds", checkpointSeconds),
            within(0...1024, "threads", threads),
            within(0...64, "prefetch", prefetch),
            within(1...1_000_000, "walk.walks", walk.walks),
            within(1...1_000, "walk.length", walk.length),
            within(0...1, "walk.restart", walk.restart),
            within(0...10_000, "walk.neighbours", walk.neighbours),
            within(-8...8, "walk.damping", walk.damping),
            within(1...1_000, "most_hard_negatives", mostHardNegatives),
            within(1e-6...1, "context_sample", contextSample),
            within(0...0.9999, "optimiser.momentum", optimiser.momentum),
            within(0...0.999999, "optimiser.second_decay", optimiser.secondDecay),
            within(0...1e9, "optimiser.clip", optimiser.clip),
            within(0...1e12, "hard.first", Float(hard.first)),
            within(0...1e12, "hard.last", Float(hard.last)),
            product("hard.walks x hard.length", hard.walks, hard.length),
            product("walk.walks x walk.length", max(walk.walks, walk.mostWalks), walk.length),
            within(1...1_000_000, "hard.kept", hard.kept),
            within(1...100_000_000, "hard.walks", hard.walks),
            within(1...1_000, "hard.length", hard.length),
            within(0...1, "hard.restart", hard.restart),
            within(-8...8, "hard.damping", hard.damping),
            within(0...1_000_000, "walk.most_walks", walk.mostWalks),
            within(-8...8, "spectral.damping", spectral.damping),
            within(-8...8, "spectral.power", spectral.power),
            within(-8...8, "spectral.lengthening", spectral.lengthening),
            within(1...1_000, "spectral.rounds", spectral.rounds),
            within(1...8, "model.layers", model.layers),
            within(1...8_192, "model.hidden", model.hidden),
            within(1...8_192, "model.dimension", model.dimension),
            within(1...16_777_216, "model.buckets", model.buckets),
            within(0...65_536, "model.dense", model.dense),
            within(1...100_000, "features.words", features.words),
            within(0...16, "features.runs", features.runs),
            // What these products stand for is held in memory, four bytes each.
            product("batch x negatives", batch, negatives),
            product("model.buckets x model.dimension", model.buckets, model.dimension),
            product("model.hidden x model.dimension", model.hidden, model.dimension),
        ]
    }
}
