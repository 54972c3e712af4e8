import PinSage
import Sampling
import Testing
import Training

struct TrainingSettingsTests {
    struct Bound: Sendable {
        var name: String
        var set: @Sendable (inout TrainingSettings, Double) -> Void
        var lowest: Double
        var highest: Double
        /// The step to the first value that is out of range.
        var step = 1.0
    }

    private static let bounds = [
        Bound(name: "epochs", set: { $0.epochs = Int($1) }, lowest: 1, highest: 1e5),
        Bound(name: "batch", set: { $0.batch = Int($1) }, lowest: 1, highest: 1e6),
        Bound(name: "negatives", set: { $0.negatives = Int($1) }, lowest: 1, highest: 1e6),
        Bound(
            name: "negative_popularity",
            set: { $0.negativePopularity = Float($1) },
            lowest: -8,
            highest: 8,
            step: 1e-5
        ),
        Bound(
            name: "pair_damping",
            set: { $0.pairDamping = Float($1) },
            lowest: -8,
            highest: 8,
            step: 1e-5
        ),
        Bound(
            name: "loss.margin",
            set: { $0.loss.margin = Float($1) },
            lowest: 0,
            highest: 1000,
            step: 1e-3
        ),
        Bound(
            name: "loss.temperature",
            set: { $0.loss.temperature = Float($1) },
            lowest: 1e-3,
            highest: 1000,
            step: 1e-3
        ),
        Bound(
            name: "leak_guard",
            set: { $0.leakGuard = Float($1) },
            lowest: 0,
            highest: 0.9,
            step: 1e-5
        ),
        Bound(
            name: "context_share",
            set: { $0.contextShare = Float($1) },
            lowest: 0,
            highest: 1,
            step: 1e-5
        ),
        Bound(name: "context_items", set: { $0.contextItems = Int($1) }, lowest: 1, highest: 1e4),
        Bound(
            name: "cold_share",
            set: { $0.coldShare = Float($1) },
            lowest: 0,
            highest: 1,
            step: 1e-5
        ),
        Bound(
            name: "word_dropout",
            set: { $0.wordDropout = Float($1) },
            lowest: 0,
            highest: 0.9,
            step: 1e-5
        ),
        Bound(
            name: "rate",
            set: { $0.rate = Float($1) },
            lowest: 1e-9,
            highest: 10,
            step: 1e-5
        ),
        Bound(
            name: "decay",
            set: { $0.decay = Float($1) },
            lowest: 1e-9,
            highest: 1,
            step: 1e-5
        ),
        Bound(name: "validation", set: { $0.validation = Int($1) }, lowest: 0, highest: 1e15),
        Bound(
            name: "validation_items",
            set: { $0.validationItems = Int($1) },
            lowest: 0,
            highest: 1e15
        ),
        Bound(name: "patience", set: { $0.patience = Int($1) }, lowest: 0, highest: 1e5),
        Bound(
            name: "checkpoint_seconds",
            set: { $0.checkpointSeconds = Int($1) },
            lowest: 0,
            highest: 1e6
        ),
        Bound(name: "threads", set: { $0.threads = Int($1) }, lowest: 0, highest: 1024),
        Bound(name: "walk.walks", set: { $0.walk.walks = Int($1) }, lowest: 1, highest: 1e6),
        Bound(name: "walk.length", set: { $0.walk.length = Int($1) }, lowest: 1, highest: 1000),
        Bound(
            name: "walk.restart",
            set: { $0.walk.restart = Float($1) },
            lowest: 0,
            highest: 1,
            step: 1e-5
        ),
        Bound(
            name: "walk.neighbours",
            set: { $0.walk.neighbours = Int($1) },
            lowest: 0,
            highest: 10_000
        ),
        Bound(
            name: "walk.damping",
            set: { $0.walk.damping = Float($1) },
            lowest: -8,
            highest: 8,
            step: 1e-5
        ),
        Bound(name: "model.layers", set: { $0.model.layers = Int($1) }, lowest: 1, highest: 8),
        Bound(name: "model.hidden", set: { $0.model.hidden = Int($1) }, lowest: 1, highest: 8192),
        Bound(
            name: "model.dimension",
            set: { $0.model.dimension = Int($1) },
            lowest: 1,
            highest: 8192
        ),
        Bound(
            name: "model.buckets",
            set: { $0.model.buckets = Int($1) },
            lowest: 1,
            highest: 16_777_216
        ),
        Bound(
            name: "model.dense",
            set: { $0.model.dense = Int($1) },
            lowest: 0,
            highest: 65_536
        ),
        Bound(
            name: "features.words",
            set: { $0.features.words = Int($1) },
            lowest: 1,
            highest: 100_000
        ),
    ]

    private func complaint(_ bound: Bound, at value: Double) -> String? {
        var settings = TrainingSettings()
        bound.set(&settings, value)
        return settings.complaint
    }

    @Test func `the defaults are within their bounds`() {
        #expect(TrainingSettings().complaint == nil)
    }

    @Test(arguments: bounds)
    func `a bound is the last value that is allowed`(bound: Bound) {
        #expect(complaint(bound, at: bound.lowest) == nil)
        #expect(complaint(bound, at: bound.highest) == nil)
        let below = complaint(bound, at: bound.lowest - bound.step)
        #expect(below?.hasPrefix("\(bound.name) is ") == true)
        #expect(below?.hasSuffix("; change it and try again") == true)
        if !bound.name.hasPrefix("validation") {  // these have no upper bound
            let above = complaint(bound, at: bound.highest + bound.step)
            #expect(above?.hasPrefix("\(bound.name) is ") == true)
        }
    }

    @Test func `tables that no memory holds are refused, though each side is in range`() {
        var settings = TrainingSettings()
        (settings.batch, settings.negatives) = (1_000_000, 4294)
        #expect(settings.complaint == nil)
        settings.negatives = 4295
        #expect(settings.complaint?.hasPrefix("batch x negatives is 4295000000, but") == true)
        settings = TrainingSettings()
        (settings.model.buckets, settings.model.dimension) = (16_777_216, 257)
        let complaint = settings.complaint
        #expect(complaint?.hasPrefix("model.buckets x model.dimension is ") == true)
    }

    @Test func `a number that is none is out of every range`() {
        var settings = TrainingSettings()
        settings.loss.margin = .nan
        let start = "loss.margin is nan, but must be from 0.0 to 1000.0"
        #expect(settings.complaint?.hasPrefix(start) == true)
    }
}
