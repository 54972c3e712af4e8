import Vectors

/// Compares searches with exact search, on queries drawn from the catalogue itself.
///
/// Each query is the vector of an item, and the item itself is excluded from the answers. A
/// candidate counts where its exact score reaches that of the k-th best: so of several items with
/// one score, any will do.
struct RecallMeter: Sendable {
    /// At most one less than the items, for a query's own item is never returned.
    let k: Int
    private let searcher: Searcher
    private let rows: [Int]
    /// For each query the k-th best exact score.
    private let thresholds: [Float]

    /// Draws `queries` different items by `seed` and searches them exactly, by `threads` threads.
    init(_ searcher: Searcher, k: Int, queries: Int, seed: UInt64, threads: Int) {
        let vectors = searcher.vectors
        let k = min(k, vectors.count - 1)
        let rows = k > 0 ? vectors.sample(queries, seed: seed) : []
        self.searcher = searcher
        self.k = k
        self.rows = rows
        thresholds = vectors.kthScores(ofRows: rows, k: k, threads: threads)
    }

    var queryCount: Int { rows.count }

    /// What `setting` finds, and how long each search takes by `clock`, one after the other on
    /// this thread.
    ///
    /// Recall is 1 where there is nothing to find.
    func measure<C: Clock>(
        _ setting: SearchSetting,
        bytes: Int,
        clock: C
    ) throws(RetrievalError) -> RecallMeasurement where C.Duration == Duration {
        var shared: [Int] = []
        var times: [Duration] = []
        times.reserveCapacity(rows.count)
        for (row, threshold) in zip(rows, thresholds) {
            let query = searcher.vectors.vector(row)
            let start = clock.now
            let found = try searcher.search(query, k: k, setting: setting, excluding: row)
            times.append(start.duration(to: clock.now))
            shared.append(found.count { searcher.vectors.score(query, row: $0.row) >= threshold })
        }
        times.sort()
        return RecallMeasurement(
            kind: searcher.kind,
            setting: setting,
            recall: rows.isEmpty ? 1 : Double(shared.reduce(0, +)) / Double(rows.count * k),
            margin: rows.isEmpty ? 0 : shared.margin / Double(k),
            p50: times.microseconds(below: 0.5),
            p99: times.microseconds(below: 0.99),
            bytes: bytes
        )
    }
}

extension MappedVectors {
    /// Up to `size` different rows in a random order that follows from `seed`; none whose vector
    /// is zero where the metric is cosine, for such a query is refused.
    fileprivate func sample(_ size: Int, seed: UInt64) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        var rows = Array(0..<count)
        var sampled: [Int] = []
        for position in rows.indices where sampled.count < size {
            rows.swapAt(position, position + generator.index(below: count - position))
            let row = rows[position]
            if metric != .cosine || innerProduct(vector(row), vector(row)) > 0 {
                sampled.append(row)
            }
        }
        return sampled
    }
}

extension [Int] {
    /// Half the width of the 95 % interval of the mean: 1.96 standard errors, by the normal
    /// distribution.
    fileprivate var margin: Double {
        let mean = Double(reduce(0, +)) / Double(count)
        let squares = reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return 1.96 * squares.squareRoot() / Double(count)
    }
}

extension [Duration] {
    /// The time that this share of the sorted times stays within; 0 where there are none.
    fileprivate func microseconds(below share: Double) -> Double {
        guard !isEmpty else { return 0 }
        let time = self[Swift.min(count - 1, Int(Double(count) * share))]
        return (time / .microseconds(1) * 1000).rounded() / 1000
    }
}
