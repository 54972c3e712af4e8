import Evaluation
import Foundation
import Graph
import Sampling
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

    /// Measures a row; nil where it was stopped.
    func run(_ row: AblationPlan.Row, name: String) throws -> AblationRun? {
        row.isTrained ? try train(row.settings, name: name) : walk(row.settings, name: name)
    }

    /// Answers each query with its company on the graph: no embeddings, so nothing to index.
    private func walk(_ settings: TrainingSettings, name: String) -> AblationRun? {
        let start = ContinuousClock.now
        let walker = Walker(on: catalogue.graph, damping: settings.walk.damping)
        let groups = groupedByQuery(pairs)
        let ranks = mapInParallel(over: groups.count, threads: threadCount(settings.threads)) {
            $0.flatMap { place -> [Double?] in
                let (query, items) = groups[place]
                guard query != rows.unknown, !shouldStop() else { return items.map { _ in nil } }
                let company = walker.company(
                    of: [(query, 1)],
                    limit: catalogue.graph.itemCount,
                    settings: settings.walk,
                    seed: settings.seed
                )
                return items.map { rank(of: $0, in: company, to: query) }
            }
        }
        guard !shouldStop() else { return nil }
        var tally = PairTally()
        for rank in ranks.joined() {
            tally.count(rank: rank)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        progress(.line("\(name): \(tally.report.summary), \(decimal(seconds, 0)) s"))
        return AblationRun(
            seed: settings.seed,
            pairs: tally.report,
            kurtosis: nil,
            seconds: seconds,
            steps: 0,
            stepMilliseconds: 0
        )
    }

    /// Trains with `settings` and measures the model; nil where it was stopped.
    private func train(_ settings: TrainingSettings, name: String) throws -> AblationRun? {
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
