import Faiss
import Files
import Foundation
import Indexes
import Vectors

extension GenerationBuilder {
    /// The bits of a code for each dimension where there is nothing to choose.
    static let dimensionBits = 2
    /// Those that a large catalogue chooses among.
    private static let choices = [2, 1]
    /// Of fewer vectors every search is short.
    private static let leastToChoose = 50_000
    /// So many queries tell which codes read less.
    private static let trialQueries = 300

    /// Writes the lists, with the codes by which a search for the first depth reads least.
    ///
    /// Shorter codes are scanned sooner, but more of them have to be reranked for the same recall;
    /// what weighs more depends on the vectors and on the target.
    func writeLists(
        _ catalogue: Catalogue,
        _ form: GenerationForm,
        into folder: URL,
        progress: (String) -> Void
    ) throws(RetrievalError) -> (seal: GenerationManifest.Seal, dimensionBits: Int) {
        let vectors = catalogue.vectors
        let builder = listsBuilder(vectors)
        let clusters = try reportingFaiss { () throws(FaissError) in
            try builder.cluster(vectors, progress: progress)
        }
        func lists(_ bits: Int) throws(RetrievalError) -> InvertedListsFile {
            try reportingFaiss { () throws(FaissError) in
                try builder.encode(
                    vectors,
                    clusters,
                    as: CodeForm(dimensionBits: bits),
                    metric: catalogue.metric,
                    progress: progress
                )
            }
        }
        if let bits = dimensionBits
            ?? (vectors.rows < Self.leastToChoose ? Self.dimensionBits : nil)
        {
            return (try write(lists(bits), into: folder), bits)
        }
        var least = Double.infinity
        var best: (lists: InvertedListsFile, bits: Int)?
        for bits in Self.choices {
            let lists = try lists(bits)
            _ = try write(lists, into: folder)
            let (cost, line) = try trial(catalogue, form, in: folder)
            progress("\(bits) bits for each dimension: \(line)")
            // Where no codes reach the target, the longer ones come nearer.
            if best == nil || cost < least {
                (least, best) = (cost, (lists, bits))
            }
        }
        guard let best else { preconditionFailure("there is more than one choice") }
        return (try write(best.lists, into: folder), best.bits)
    }

    private func write(
        _ lists: InvertedListsFile,
        into folder: URL
    ) throws(RetrievalError) -> GenerationManifest.Seal {
        try reportingFiles { () throws(FileError) in
            try writeFile("lists", in: folder) { (writer) throws(FileError) in
                try lists.write(to: &writer)
            }
        }
    }

    /// What a search for the first depth reads that reaches the target; infinite where none does.
    private func trial(
        _ catalogue: Catalogue,
        _ form: GenerationForm,
        in folder: URL
    ) throws(RetrievalError) -> (cost: Double, line: String) {
        let truth = MatrixRows(catalogue.vectors, metric: catalogue.metric)
        let searcher = try Searcher(inFolder: folder, form)
        let meter = RecallMeter(
            searcher,
            truth: truth,
            k: depths.min() ?? 10,
            queries: recallQueries(of: truth, size: min(queries, Self.trialQueries)),
            threads: threads
        )
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
