import Foundation
import Indexes
import Vectors

/// What lists are tried on before they are chosen: queries for the first depth, searched exactly
/// once.
struct ListsTrial {
    let meter: RecallMeter
    let targetRecall: Double
    private let form: GenerationForm

    /// So many queries tell which lists cost less.
    private static let queries = 300

    init(_ builder: GenerationBuilder, _ catalogue: Catalogue, _ form: GenerationForm) {
        let truth = MatrixRows(catalogue.vectors, metric: catalogue.metric)
        meter = RecallMeter(
            truth: truth,
            k: builder.depths.min() ?? 10,
            queries: builder.recallQueries(of: truth, size: min(builder.queries, Self.queries)),
            threads: builder.threads
        )
        targetRecall = builder.targetRecall
        self.form = form
    }

    /// What a search of the lists in `folder` reads that reaches the target; infinite where none
    /// does.
    func run(in folder: URL) throws(RetrievalError) -> (cost: Double, line: String) {
        let searcher = try Searcher(inFolder: folder, form)
        let tuner = Tuner(
            meter: meter,
            searcher: searcher,
            bytes: 0,
            targetRecall: targetRecall,
            highestRecall: targetRecall
        )
        let (setting, curve) = try tuner.run(atLeast: 1)
        let recall = curve.first { $0.setting == setting }?.recall ?? 0
        return (
            recall >= targetRecall ? tuner.cost(setting) : .infinity,
            "\(setting), recall \((recall * 10_000).rounded() / 10_000), about "
                + "\(Int(tuner.cost(setting) / 1_000)) kB read"
        )
    }
}
