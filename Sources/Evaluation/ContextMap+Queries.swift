import BLAS
package import Vectors

extension ContextMap {
    /// The query of a context that holds the rows `known` of `vectors`; zeros for none.
    package func query(known: [Int], vectors: Matrix) -> [Float] {
        queries(of: [known], vectors: vectors).elements
    }

    /// A query for each context: (contexts, d).
    func queries(of contexts: [[Int]], vectors: Matrix) -> Matrix {
        var means = Matrix(rows: contexts.count, columns: vectors.columns)
        means.forEachRow(threads: 1) { place, sum in
            let known = contexts[place]
            for row in known {
                let values = vectors.elements.span.extracting(vectors.range(ofRow: row))
                add(values, 1 / Float(known.count), to: &sum)
            }
        }
        return matrix.map { .product(means, $0) } ?? means
    }
}
