import BLAS
import PinSage
import Vectors

/// Fits rows for words, so that the sums of items' words are near given vectors.
///
/// Names: X the content (items, words), W the words' rows (words, width).
struct WordRegression: Sendable {
    private let content: SparseRows
    private let transposed: SparseRows
    private let ridge: Float
    /// Steps of one fit; it starts near its end, since the next round goes on with it.
    private static let steps = 6

    init(_ content: SparseRows, wordCount: Int, ridge: Float) {
        self.content = content
        transposed = content.transposed(columnCount: wordCount)
        self.ridge = ridge
    }

    /// X W (items, width).
    func vectors(of rows: Matrix, threads: Int) -> Matrix {
        var vectors = Matrix(rows: content.rowCount, columns: rows.columns)
        content.addProduct(with: rows, to: &vectors, threads: threads)
        return vectors
    }

    /// X^T Y (words, width).
    private func back(_ vectors: Matrix, threads: Int) -> Matrix {
        var rows = Matrix(rows: transposed.rowCount, columns: vectors.columns)
        transposed.addProduct(with: vectors, to: &rows, threads: threads)
        return rows
    }

    /// (X^T X + ridge) W.
    private func normal(_ rows: Matrix, threads: Int) -> Matrix {
        var product = back(vectors(of: rows, threads: threads), threads: threads)
        product.addColumns(of: rows, times: [Float](repeating: ridge, count: rows.columns), threads)
        return product
    }

    /// Rows of the same span for which W^T (X^T X + ridge) W is 1.
    func orthonormalised(_ rows: Matrix, threads: Int) -> Matrix {
        let gram = Matrix.product(
            rows,
            transposeA: true,
            normal(rows, threads: threads),
            threads: threads
        )
        return .product(rows, gram.inverseRoot(), transposeB: true, threads: threads)
    }

    /// The rows W nearest to the least of |X W - Y|^2 + ridge |W|^2, by a few steps of conjugate
    /// gradients for each column, starting at the directions of `start`, which is orthonormalised.
    func fit(to vectors: Matrix, from start: Matrix, threads: Int) -> Matrix {
        let wanted = back(vectors, threads: threads)
        // At this length, a column that is an eigenvector already is the answer.
        var rows = start
        rows.scaleColumns(by: start.columnProducts(wanted), threads)
        var residual = wanted
        let minus = [Float](repeating: -1, count: rows.columns)
        residual.addColumns(of: normal(rows, threads: threads), times: minus, threads)
        var direction = residual
        var squares = residual.columnProducts(residual)
        for _ in 0..<Self.steps {
            let image = normal(direction, threads: threads)
            let steps = quotients(squares, direction.columnProducts(image))
            rows.addColumns(of: direction, times: steps, threads)
            residual.addColumns(of: image, times: steps.map { -$0 }, threads)
            let next = residual.columnProducts(residual)
            direction.scaleColumns(by: quotients(next, squares), threads)
            direction.addColumns(
                of: residual,
                times: [Float](repeating: 1, count: next.count),
                threads
            )
            squares = next
        }
        return rows
    }
}

private func quotients(_ a: [Float], _ b: [Float]) -> [Float] {
    zip(a, b).map { $1 > 0 ? $0 / $1 : 0 }
}

extension Matrix {
    /// Adds each column of `other`, times its factor.
    fileprivate mutating func addColumns(of other: Matrix, times factors: [Float], _ threads: Int) {
        forEachRow(threads: threads) { place, row in
            let (values, factors) = (
                other.elements.span.extracting(other.range(ofRow: place)), factors.span
            )
            for index in row.indices {
                row[index] += factors[index] * values[index]
            }
        }
    }

    fileprivate mutating func scaleColumns(by factors: [Float], _ threads: Int) {
        forEachRow(threads: threads) { _, row in
            let factors = factors.span
            for index in row.indices {
                row[index] *= factors[index]
            }
        }
    }

    /// The inner product of each column with that of `other`.
    fileprivate func columnProducts(_ other: Matrix) -> [Float] {
        var products = [Float](repeating: 0, count: columns)
        var sums = products.mutableSpan
        let (a, b) = (elements.span, other.elements.span)
        for row in 0..<rows {
            let start = row * columns
            for column in 0..<columns {
                sums[column] += a[start + column] * b[start + column]
            }
        }
        return products
    }
}
