import BLAS
package import Vectors

/// How a context becomes a query: the vector that asks for what else belongs to its items.
///
/// Without a matrix it is the plain mean of the items' vectors. With one, M, as ``whitening`` makes
/// it, it is mean(z_j / |z_j|) M. Either is a query like any other, which a daemon serves.
///
/// ```swift
/// let query = ContextMap(matrix, metric: .innerProduct).query(known: [3, 7], vectors: vectors)
/// ```
package struct ContextMap: Sendable {
    private let metric: Metric
    /// M (d, d); nil where the query is the plain mean.
    private let matrix: Matrix?

    package init(_ matrix: Matrix?, metric: Metric) {
        self.matrix = matrix
        self.metric = metric
    }

    /// The query of a context that holds the rows `known` of `vectors`; zeros for none.
    package func query(known: [Int], vectors: Matrix) -> [Float] {
        queries(of: [known], vectors: vectors).elements
    }

    /// A query for each context: (contexts, d).
    func queries(of contexts: [[Int]], vectors: Matrix) -> Matrix {
        var means = Matrix(rows: contexts.count, columns: vectors.columns)
        let takesDirections = metric == .cosine || matrix != nil
        means.forEachRow(threads: 1) { place, sum in
            let known = contexts[place]
            for row in known {
                let values = vectors.elements.span.extracting(vectors.range(ofRow: row))
                let length = takesDirections ? innerProduct(values, values).squareRoot() : 1
                // A vector of zeros has no direction.
                let share = length > 0 ? 1 / (length * Float(known.count)) : 0
                for index in sum.indices {
                    sum[index] += share * values[index]
                }
            }
        }
        return matrix.map { .product(means, $0) } ?? means
    }
}
