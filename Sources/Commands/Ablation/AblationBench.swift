import Evaluation
import Foundation
import Graph
import Training
import Vectors

/// Where the runs of an ablation are trained and measured, all on the same pairs.
struct AblationBench {
    let catalogue: TrainingRun.Catalogue
    let rows: ItemRows
    let pairs: [Pair]
    /// Where runs keep the graphs that they make.
    let folder: URL
    let shouldStop: @Sendable () -> Bool
    let progress: ProgressHandler

    /// The random pairs of items whose similarities give the kurtosis.
    private static let similarities = 200_000

    /// Trains with `settings` and measures the model; nil where it was stopped.
    func run(_ settings: TrainingSettings, name: String) throws -> AblationRun? {
        let threads = threadCount(settings.threads)
        let start = ContinuousClock.now
        var run = try TrainingRun(
            settings,
            on: catalogue,
            graphFile: folder.appendingPathComponent("training.csr"),
            threads: threads
        )
        while true {
            guard !shouldStop() else { return nil }
            guard let news = try run.advance() else { break }
            switch news {
            case .step(let status), .epoch(let status):
                progress(.update("\(name): \(status.line)"))
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let checkpoint = run.checkpoint
        let embeddings = try checkpoint.embed(
            catalogue.reader,
            scratch: folder,
            threads: threads
        ).matrix
        let connected = catalogue.graph.connectedItems
        let report = evaluatePairs(
            pairs,
            vectors: rows.vectors(embeddings),
            metric: checkpoint.metric,
            candidates: connected,
            threads: threads
        )
        progress(.line("\(name): \(report.summary), \(decimal(seconds, 0)) s"))
        return AblationRun(
            seed: settings.seed,
            pairs: report,
            kurtosis: similarityKurtosis(
                of: embeddings.gather(connected),
                pairs: Self.similarities,
                seed: settings.seed
            ),
            seconds: seconds,
            steps: run.status.step,
            stepMilliseconds: 1000 * run.status.seconds / Double(max(1, run.status.step))
        )
    }
}
