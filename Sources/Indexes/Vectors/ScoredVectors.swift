import BLAS
package import Vectors

/// Vectors of one dimension, and the metric that compares them; of length one where it is cosine.
package protocol ScoredVectors: Sendable {
    var count: Int { get }
    var dimension: Int { get }
    var metric: Metric { get }

    /// How near the vector of `row` is to `query` (dimension).
    func score(_ query: Span<Float>, row: Int) -> Float
    /// A copy of the vectors of some rows (rows, dimension).
    func matrix(ofRows range: Range<Int>) -> Matrix
}

/// Vectors in memory, as they were computed.
package struct MatrixRows: ScoredVectors {
    package let matrix: Matrix
    package let metric: Metric

    package init(_ matrix: Matrix, metric: Metric) {
        self.matrix = matrix
        self.metric = metric
    }

    package var count: Int { matrix.rows }
    package var dimension: Int { matrix.columns }

    package func score(_ query: Span<Float>, row: Int) -> Float {
        metric.score(query, matrix.elements.span.extracting(matrix.range(ofRow: row)))
    }

    package func matrix(ofRows range: Range<Int>) -> Matrix {
        let elements = range.lowerBound * dimension..<range.upperBound * dimension
        return Matrix(
            rows: range.count,
            columns: dimension,
            elements: Array(matrix.elements[elements])
        )
    }
}

/// How many vectors meet all queries in one matrix product.
private let chunkSize = 2_048

extension ScoredVectors {
    /// For each of `queries` (queries, dimension) the best `k` among all rows but its own.
    ///
    /// The same as a scan for one after the other, to the bit, but several times faster: a matrix
    /// product tells which vectors might be among the best, and only those are scored one by one.
    /// `own` has the row of each query's own item, if it has one.
    package func nearest(to queries: Matrix, own: [Int?], k: Int, threads: Int) -> [TopK] {
        precondition(own.count == queries.rows, "each query has an item of its own, or none")
        let squares = squaredLengths(threads: threads)
        let querySquares = MatrixRows(queries, metric: metric).squaredLengths(threads: threads)
        let longest = squares.max()?.squareRoot() ?? 0
        let isEuclidean = metric == .l2
        let parts = max(threads, queries.rows / 256)
        return mapInParallel(over: queries.rows, parts: parts, threads: threads) { part in
            let asked = MatrixRows(queries, metric: metric).matrix(ofRows: part)
            var best = part.map { _ in TopK(k) }
            for start in stride(from: 0, to: count, by: chunkSize) {
                let rows = start..<min(start + chunkSize, count)
                // (queries of the part, rows)
                let products = Matrix.product(asked, matrix(ofRows: rows), transposeB: true)
                for (place, query) in part.enumerated() {
                    let vector = asked.elements.span.extracting(asked.range(ofRow: place))
                    let line = products.elements.span
                        .extracting(products.range(ofRow: place))
                    let margin = margin(querySquares[query].squareRoot(), longest)
                    var least = best[place].threshold - margin
                    for row in rows where row != own[query] {
                        var score = line[row - start]
                        if isEuclidean {
                            score = 2 * score - squares[row] - querySquares[query]
                        }
                        // Not >=, which a score that overflowed to NaN would fail.
                        if !(score < least) {
                            let exact = self.score(vector, row: row)
                            best[place].insert(Candidate(row: row, score: exact))
                            least = best[place].threshold - margin
                        }
                    }
                }
            }
            return best
        }.flatMap(\.self)
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

    /// The vectors of `rows` (rows, dimension).
    package func gather(_ rows: [Int]) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(rows.count * dimension)
        for row in rows {
            elements += matrix(ofRows: row..<row + 1).elements
        }
        return Matrix(rows: rows.count, columns: dimension, elements: elements)
    }

    fileprivate func squaredLengths(threads: Int) -> [Float] {
        mapInParallel(over: count, threads: threads) { rows in
            let part = matrix(ofRows: rows)
            return (0..<part.rows).map { row in
                let vector = part.elements.span.extracting(part.range(ofRow: row))
                return innerProduct(vector, vector)
            }
        }.flatMap(\.self)
    }
}
