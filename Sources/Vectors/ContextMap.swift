/// How several items become one query: the vector that asks for what else belongs to them.
///
/// Without a matrix it is the plain mean of the items' vectors. With one, M, as an embedding
/// version may have it, it is mean(z_j / |z_j|) M. Either is a query like any other.
///
/// ```swift
/// let query = ContextMap(matrix, metric: .innerProduct).query(of: vectors, weights: [1, 0.5])
/// ```
package struct ContextMap: Sendable {
    package let metric: Metric
    /// M (d, d); nil where the query is the plain mean.
    package let matrix: Matrix?

    package init(_ matrix: Matrix?, metric: Metric) {
        self.matrix = matrix
        self.metric = metric
    }

    /// The query of items with these vectors (n, d), each counting by its weight; zeros where no
    /// weight is above 0.
    package func query(of vectors: Matrix, weights: [Float]) -> [Float] {
        precondition(weights.count == vectors.rows, "each vector has a weight")
        let total = weights.reduce(0, +)
        var mean = [Float](repeating: 0, count: vectors.columns)
        for (row, weight) in weights.enumerated() where weight > 0 {
            var sum = mean.mutableSpan
            add(
                vectors.elements.span.extracting(vectors.range(ofRow: row)),
                weight / total,
                to: &sum
            )
        }
        return matrix.map { mapped(mean, by: $0) } ?? mean
    }

    /// Adds what one item contributes to a mean, of which it has this share.
    package func add(_ vector: Span<Float>, _ share: Float, to sum: inout MutableSpan<Float>) {
        let takesDirections = metric == .cosine || matrix != nil
        let length = takesDirections ? innerProduct(vector, vector).squareRoot() : 1
        // A vector of zeros has no direction.
        guard length > 0 else { return }
        for index in sum.indices {
            sum[index] += share / length * vector[index]
        }
    }

    private func mapped(_ mean: [Float], by matrix: Matrix) -> [Float] {
        var query = [Float](repeating: 0, count: matrix.columns)
        for (row, factor) in mean.enumerated() {
            let values = matrix.elements.span.extracting(matrix.range(ofRow: row))
            for index in values.indices {
                query[index] += factor * values[index]
            }
        }
        return query
    }
}
