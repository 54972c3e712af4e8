import BLAS
import RealModule
package import Vectors

/// How a context becomes a query: the vector that asks for what else belongs to its items.
///
/// The plain mean of the items' vectors leans towards the few directions in which all vectors are
/// strong. Above strength 0 the query is M mean(z_j / |z_j|), with M = (Z^T Z / n)^-strength: each
/// direction counts less, the more the catalogue spreads along it, as in the solution of a least
/// squares problem (strength 1; Hu, Koren and Volinsky, ICDM 2008). It is a query like any other,
/// which a daemon serves.
///
/// ```swift
/// let map = ContextMap(vectors: vectors, rows: candidates, metric: .innerProduct, strength: 0.75)
/// let query = map.query(known: [3, 7], vectors: vectors)
/// ```
package struct ContextMap: Sendable {
    /// The strengths that a search for the best one tries.
    package static let strengths: [Float] = [0, 0.25, 0.5, 0.75, 1]

    private let metric: Metric
    /// M (d, d), symmetric; nil where the query is the plain mean.
    private let matrix: Matrix?

    /// - Parameter rows: the rows of `vectors` that the catalogue consists of.
    package init(vectors: Matrix, rows: [Int], metric: Metric, strength: Float) {
        self.metric = metric
        guard strength > 0, !rows.isEmpty else {
            matrix = nil
            return
        }
        var catalogue = vectors.gather(rows)
        if metric == .cosine {
            catalogue.normaliseRows()
        }
        let (directions, spreads) = Matrix.product(catalogue, transposeA: true, catalogue)
            .symmetricEigenvectors()
        // A direction in which there is next to nothing is not made a loud one.
        let least = max((spreads.first ?? 0) * 1e-5, .leastNormalMagnitude)
        let mean = spreads.reduce(0, +) / Float(max(1, spreads.count))
        var scaled = directions
        scaled.forEachRow(threads: 1) { place, row in
            let scale = Float.pow(max(spreads[place], least) / max(mean, least), -strength)
            for index in row.indices {
                row[index] *= scale
            }
        }
        matrix = .product(scaled, transposeA: true, directions)
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
