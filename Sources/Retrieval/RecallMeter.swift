import Indexes
import Vectors

/// Compares searches with exact search.
///
/// A candidate counts where its exact score reaches that of the k-th best: so of several items with
/// one score, any will do.
struct RecallMeter: Sendable {
    /// At most one less than the items where queries are items, for an item is not returned for
    /// itself.
    let k: Int
    /// The vectors that exact search compares.
    private let truth: any ScoredVectors
    private let queries: RecallQueries
    /// For each query the best rows by exact search.
    private let nearest: [TopK]

    /// Searches `queries` exactly in `truth`, by `threads` threads.
    init(
        truth: any ScoredVectors,
        k: Int,
        queries: RecallQueries,
        threads: Int
    ) {
        let isOfItems = queries.rows.contains { $0 != nil }
        self.k = min(k, truth.count - (isOfItems ? 1 : 0))
        self.truth = truth
        self.queries = self.k > 0 ? queries : RecallQueries()
        nearest = truth.nearest(
            to: self.queries.vectors,
            own: self.queries.rows,
            k: self.k,
            threads: threads
        )
    }

    var queryCount: Int { queries.rows.count }

    /// What there is to find.
    var listTruth: ListTruth {
        ListTruth(queries: queries.vectors, rows: nearest.map { $0.sorted.map(\.row) })
    }

    /// What `searcher` finds with `setting`, and how long each search takes by `clock`, one after the other on
    /// this thread.
    ///
    /// Recall is 1 where there is nothing to find.
    func measure<C: Clock>(
        _ searcher: Searcher,
        _ setting: SearchSetting,
        bytes: Int,
        clock: C
    ) throws(RetrievalError) -> RecallMeasurement where C.Duration == Duration {
        var shared: [Int] = []
        var times: [Duration] = []
        times.reserveCapacity(queryCount)
        for (place, own) in queries.rows.enumerated() {
            let vectors = queries.vectors
            let query = vectors.elements.span.extracting(vectors.range(ofRow: place))
            let terms = SearchTerms(k: k, filter: RowFilter(excluding: own))
            let start = clock.now
            let found = try searcher.search(query, terms, setting: setting).candidates
            times.append(start.duration(to: clock.now))
            let threshold = nearest[place].threshold
            shared.append(found.count { truth.score(query, row: $0.row) >= threshold })
        }
        times.sort()
        let isEmpty = queryCount == 0
        return RecallMeasurement(
            kind: searcher.kind,
            setting: setting,
            recall: isEmpty ? 1 : Double(shared.reduce(0, +)) / Double(queryCount * k),
            margin: isEmpty ? 0 : shared.margin / Double(k),
            p50: times.microseconds(below: 0.5),
            p99: times.microseconds(below: 0.99),
            bytes: bytes
        )
    }
}

/// The queries that recall is measured on.
struct RecallQueries: Sendable {
    /// (queries, dimension); of length one where the metric is cosine.
    var vectors = Matrix(rows: 0, columns: 0)
    /// The row of each query's own item, which does not count; nil for a query from elsewhere.
    var rows: [Int?] = []

    init() {}

    /// Queries from elsewhere, up to `size` of them, at equal distances.
    init(_ vectors: Matrix, size: Int, metric: Metric) {
        let count = min(size, vectors.rows)
        self.vectors = vectors.gather((0..<count).map { $0 * vectors.rows / max(1, count) })
        if metric == .cosine {
            self.vectors.normaliseRows()
        }
        rows = [Int?](repeating: nil, count: count)
    }

    /// Up to `size` different items in a random order that follows from `seed`; none whose vector
    /// is zero where the metric is cosine, for such a query is refused.
    init(itemsOf source: any ScoredVectors, size: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var order = Array(0..<source.count)
        var sampled: [Int] = []
        for position in order.indices where sampled.count < size {
            order.swapAt(position, position + generator.index(below: order.count - position))
            let row = order[position]
            let vector = source.matrix(ofRows: row..<row + 1).elements
            if source.metric != .cosine || innerProduct(vector.span, vector.span) > 0 {
                sampled.append(row)
            }
        }
        vectors = source.gather(sampled)
        rows = sampled
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
