import BLAS
package import Faiss
package import Vectors

/// What a search would cost among so many lists.
package struct ListCountTrial: Sendable, Equatable {
    package let listCount: Int
    /// So many lists have to be visited for the share of the truth that was asked for.
    package let probes: Int
    /// So many codes lie in them, on the average of all queries.
    package let codes: Double
    /// What it takes to rank all lists and to scan those codes.
    package let nanoseconds: Double
}

/// Queries, and the rows that are truly nearest to each.
package struct ListTruth: Sendable {
    /// (queries, dimension).
    var queries: Matrix
    /// For each query the rows to be found.
    var rows: [[Int]]

    package init(queries: Matrix, rows: [[Int]]) {
        precondition(queries.rows == rows.count, "each query has rows to be found")
        self.queries = queries
        self.rows = rows
    }
}

extension InvertedListsBuilder {
    /// So many vectors for each centroid and so few iterations tell how good so many lists are,
    /// compared with other counts that were clustered in the same way.
    private static let sampleOfTrial = 20
    private static let iterationsOfTrial = 4
    /// So many vectors tell how large the lists are that queries visit.
    private static let sampleOfSizes = 20_000
    /// What it takes to rank a list of 128 dimensions, and to scan a code of 2 bits for each of
    /// them: measured once (searches of 500 to 2,338 lists, 1 to 52 visited, AVX-512), not here, so
    /// that one seed gives one file on a busy machine, too.
    private static let nanosecondsOfList = 7.0
    private static let nanosecondsOfCode = 2.2

    /// How much a search costs that visits as many of ``listCount`` lists as hold `share` of the
    /// truth.
    ///
    /// The vectors themselves lie in no lists yet: only those of the truth are looked for, and a
    /// sample, by whose share of each list its size is known.
    package func trial(
        _ vectors: Matrix,
        _ truth: ListTruth,
        share: Double,
        metric: Metric
    ) throws(FaissError) -> ListCountTrial {
        let sample = vectors.sample(
            min(vectors.rows, listCount * Self.sampleOfTrial),
            seed: seed
        )
        let centroids = try sample.clustered(
            into: listCount,
            iterations: Self.iterationsOfTrial,
            seed: seed,
            threads: threads
        )
        let order = rankedLists(truth.queries, centroids, metric)
        let probes = probes(vectors, truth, order, centroids, share)
        let few = vectors.sample(min(vectors.rows, Self.sampleOfSizes), seed: seed &+ 1)
        var sizes = [Int](repeating: 0, count: listCount)
        for list in few.nearestRows(of: centroids, threads: threads) {
            sizes[Int(list)] += 1
        }
        let visited = order.reduce(0) { sum, lists in
            sum + lists.prefix(probes).reduce(0) { $0 + sizes[Int($1)] }
        }
        let part = Double(visited) / Double(max(1, few.rows * order.count))
        let codes = part * Double(vectors.rows)
        let width = Double(vectors.columns) / 128
        return ListCountTrial(
            listCount: listCount,
            probes: probes,
            codes: codes,
            nanoseconds: width
                * (Double(listCount) * Self.nanosecondsOfList + codes * Self.nanosecondsOfCode)
        )
    }

    /// How many lists of each query have to be visited, of those in `order`.
    private func probes(
        _ vectors: Matrix,
        _ truth: ListTruth,
        _ order: [[UInt32]],
        _ centroids: Matrix,
        _ share: Double
    ) -> Int {
        let nearest = vectors.gather(truth.rows.flatMap(\.self))
            .nearestRows(of: centroids, threads: threads)
        var places: [Int] = []
        var next = 0
        for (query, rows) in truth.rows.enumerated() {
            var placeOfList = [Int](repeating: 0, count: listCount)
            for (place, list) in order[query].enumerated() {
                placeOfList[Int(list)] = place
            }
            for _ in rows {
                places.append(placeOfList[Int(nearest[next])])
                next += 1
            }
        }
        places.sort()
        let enough = Int((share * Double(places.count)).rounded(.up))
        return places.isEmpty ? 1 : places[max(0, min(enough, places.count) - 1)] + 1
    }

    /// For each query all lists, the nearest first.
    private func rankedLists(
        _ queries: Matrix,
        _ centroids: Matrix,
        _ metric: Metric
    ) -> [[UInt32]] {
        let products = Matrix.product(queries, centroids, transposeB: true)
        let squares = (0..<centroids.rows).map { row in
            let centroid = centroids.elements.span.extracting(centroids.range(ofRow: row))
            return metric == .l2 ? innerProduct(centroid, centroid) / 2 : 0
        }
        return mapInParallel(over: queries.rows, threads: threads) { part in
            part.map { query in
                let scores = squares.indices.map { products[query, $0] - squares[$0] }
                return squares.indices.sorted { scores[$0] > scores[$1] }.map(UInt32.init)
            }
        }.flatMap(\.self)
    }
}
