import Faiss
import Indexes
import Vectors

extension GenerationBuilder {
    /// Of fewer vectors every search is short.
    static let leastToChoose = 50_000

    /// How many lists there are going to be: what was asked for, or about 2 sqrt(count), or half or
    /// twice as many where a search then costs less.
    ///
    /// More lists are longer to rank, but follow the vectors more closely, so that fewer codes have
    /// to be scanned; what weighs more depends on the vectors and on the target.
    func chooseListCount(
        _ catalogue: Catalogue,
        _ trial: ListsTrial?,
        progress: (String) -> Void
    ) throws(RetrievalError) -> Int {
        let vectors = catalogue.vectors
        let usual = Self.usualListCount(vectors.rows)
        guard lists == nil, let trial else { return lists ?? usual }
        let truth = trial.meter.listTruth
        var best: ListCountTrial?
        for count in [usual / 2, usual, 2 * usual] {
            let builder = InvertedListsBuilder(listCount: count, seed: seed, threads: threads)
            let cost = try reportingFaiss { () throws(FaissError) in
                try builder.trial(
                    vectors,
                    truth,
                    share: targetRecall,
                    metric: catalogue.metric
                )
            }
            progress(cost.line)
            if cost.nanoseconds < best?.nanoseconds ?? .infinity {
                best = cost
            }
        }
        return best?.listCount ?? usual
    }

    /// Below 16 vectors a list the centroids would be the catalogue again.
    private static func usualListCount(_ count: Int) -> Int {
        max(1, min(Int(2 * Double(count).squareRoot()), count / 16))
    }
}

extension ListCountTrial {
    /// For people.
    fileprivate var line: String {
        "\(listCount) lists: \(probes) visited, \(Int(codes.rounded())) codes scanned, about "
            + "\(Int((nanoseconds / 1_000).rounded())) us"
    }
}
