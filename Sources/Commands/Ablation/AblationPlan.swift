import PinSage
import Sampling
package import Training

/// The rows of a table: each a name, and the settings that it is trained with.
///
/// All but the last row of the first table have the paper's own form; what the paper has no word
/// for, such as epochs, widths and the learning rate, is as in the settings that they start from.
package struct AblationPlan: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        package let name: String
        package let settings: TrainingSettings
        /// Whether a model is trained, or the walks of the settings answer by themselves.
        package var isTrained = true

        /// The row of the seed that comes `turn` seeds later.
        func from(_ turn: Int) -> Row {
            var settings = settings
            settings.seed &+= UInt64(turn)
            return Row(name: name, settings: settings, isTrained: isTrained)
        }
    }

    package let sweep: Sweep
    package let rows: [Row]

    /// The sizes of neighbourhoods in the paper's Table 4.
    private static let neighbours = [10, 20, 50]
    /// The sizes of batches in the paper's Table 3.
    private static let batches = [512, 1024, 2048, 4096]

    /// So many walks that another draw of them changes no hit-rate by much, as long as they like.
    private static let (pixieWalks, pixieLength) = (20_000, 20)

    /// The plan of `sweep` around `base`.
    ///
    /// The row of content alone is left out where `hasContent` is false.
    package init(_ sweep: Sweep, around base: TrainingSettings, hasContent: Bool) {
        self.sweep = sweep
        let paper = base.inThePapersForm
        func row(
            _ name: String,
            from start: TrainingSettings = paper,
            _ change: (inout TrainingSettings) -> Void
        ) -> Row {
            var settings = start
            change(&settings)
            return Row(name: name, settings: settings)
        }
        let meanPoolingHard = row("mean-pooling-hard") {
            $0.model.pooling = .mean
            $0.hardNegatives = .curriculum
        }
        let pinSage = row("PinSage") { $0.hardNegatives = .curriculum }
        switch sweep {
        case .table1:
            let content = row("content alone") {
                $0.walk.neighbours = 0
                $0.coldShare = 1
                $0.model.identity = false
            }
            var pixie = row("Pixie") {
                $0.walk.walks = Self.pixieWalks
                $0.walk.length = Self.pixieLength
            }
            pixie.isTrained = false
            rows =
                (hasContent ? [content] : []) + [
                    pixie,
                    row("max-pooling") { $0.model.pooling = .max },
                    row("mean-pooling") { $0.model.pooling = .mean },
                    row("mean-pooling-xent") {
                        $0.model.pooling = .mean
                        $0.loss.kind = .crossEntropy
                    },
                    meanPoolingHard,
                    pinSage,
                    Row(name: "ours", settings: base),
                ]
        case .neighbours:
            rows = Self.neighbours.map { count in
                row("T \(count)", from: pinSage.settings) { $0.walk.neighbours = count }
            }
        case .batch:
            rows = Self.batches.map { count in
                row("batch \(count)", from: meanPoolingHard.settings) { $0.batch = count }
            }
        }
    }
}

extension TrainingSettings {
    /// These settings with what the paper has in place of what it has not: max-margin over single
    /// pairs of one context, plain walks from all edges, embeddings of length one that come out of
    /// the layers alone, importance pooling, and no hard negatives yet.
    fileprivate var inThePapersForm: TrainingSettings {
        var settings = self
        settings.model.pooling = .importance
        settings.model.residual = false
        settings.model.spectral = false
        settings.model.normalise = true
        settings.loss.kind = .maxMargin
        // One that is made for embeddings of free length does not fit those of length one.
        settings.loss.temperature = LossSettings().temperature
        settings.hardNegatives = .never
        settings.negativePopularity = 0
        settings.pairs = .coMembership
        settings.pairDamping = 0
        settings.contextShare = 0
        settings.coldShare = 0
        settings.wordDropout = 0
        settings.leakGuard = 0
        settings.walk.damping = 0
        settings.walk.mostWalks = 0
        return settings
    }
}
