import BLAS
import Vectors

extension MappedVectors {
    /// How many vectors meet all queries in one matrix product.
    private static let chunkSize = 2_048

    /// For each of the rows `queries` the k-th best score among all other rows.
    ///
    /// The same as ``nearest(_:k:excluding:)`` for one after the other, to the bit, but several
    /// times faster: a matrix product tells which vectors might be among the best, and only those
    /// are scored one by one. `threads` does not bind BLAS, whose threads the process sets.
    package func kthScores(ofRows queries: [Int], k: Int, threads: Int) -> [Float] {
        guard k > 0, k < count else { return queries.map { _ in -.infinity } }
        let squares = (0..<count).map { innerProduct(vector($0), vector($0)) }
        let longest = squares.max()?.squareRoot() ?? 0
        let margins = queries.map { margin(squares[$0].squareRoot(), longest) }
        let block = matrix(ofRows: queries)
        var best = queries.map { _ in TopK(k) }
        for start in stride(from: 0, to: count, by: Self.chunkSize) {
            let rows = start..<min(start + Self.chunkSize, count)
            // (queries, rows)
            let products = Matrix.product(block, matrix(ofRows: rows), transposeB: true)
            best = mapInParallel(over: queries.count, threads: threads) { [best] part in
                var improved = Array(best[part])
                for (place, query) in part.enumerated() {
                    let own = vector(queries[query])
                    let line = products.elements.span
                        .extracting(products.range(ofRow: query))
                    for row in rows where row != queries[query] {
                        var score = line[row - start]
                        if metric == .l2 {
                            score = 2 * score - squares[row] - squares[queries[query]]
                        }
                        // Not >=, which a score that overflowed to NaN would fail.
                        if !(score < improved[place].threshold - margins[query]) {
                            let exact = self.score(own, row: row)
                            improved[place].insert(Candidate(row: row, score: exact))
                        }
                    }
                }
                return improved
            }.flatMap(\.self)
        }
        return best.map(\.threshold)
    }

    /// How far a score by matrix product may lie from the score of the metric.
    ///
    /// A sum of d products of 32-bit floats, in any order, errs by at most d 2^-24 times the
    /// product of the two lengths (Higham, Accuracy and Stability, section 3.1), and there are two
    /// such sums. A squared distance adds a few roundings of the squares.
    private func margin(_ length: Float, _ other: Float) -> Float {
        let unit = Float(dimension + 8) * 0x1p-23
        switch metric {
        case .innerProduct, .cosine: return unit * length * other
        case .l2: return unit * (length + other) * (length + other)
        }
    }

    private func matrix(ofRows rows: some Collection<Int>) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(rows.count * dimension)
        for row in rows {
            elements += vector(row).elements
        }
        return Matrix(rows: rows.count, columns: dimension, elements: elements)
    }
}
