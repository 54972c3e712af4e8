import BLAS
package import Graph
import RealModule
package import Vectors

/// How items get vectors from the shape of the graph alone.
package struct SpectralSettings: Codable, Sendable, Equatable {
    /// How far frequent items are damped before the decomposition: by degree^-damping.
    package var damping: Float = 0.3
    /// The power of the singular values: 0 takes all directions alike, 1 as strong as they are.
    package var power: Float = 0.75
    /// Vectors are lengthened by degree^lengthening, so that inner products know what is popular.
    package var lengthening: Float = 0.15
    /// Rounds of subspace iteration.
    package var rounds = 8

    package init() {}
}

/// The leading singular vectors of the graph's normalised adjacency, row u for item u.
///
/// The adjacency has the entry w degree(c)^-1/2 degree(i)^-damping for context c and item i, w the
/// edge's weight. Rows have a mean squared length of 1; items without edges
/// have zeros. Randomised subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011,
/// algorithm 4.4). Shape: (items, dimension). One seed and one thread count give the same bytes.
package func spectralVectors(
    of graph: Graph,
    dimension: Int,
    settings: SpectralSettings,
    seed: UInt64,
    threads: Int
) -> Matrix {
    // A few directions more than asked for, which make the last ones right.
    let width = dimension + max(8, dimension / 4)
    let adjacency = NormalisedAdjacency(graph, damping: settings.damping)
    var generator = SeededGenerator(seed: seed, stream: 1 << 59)
    var basis = Matrix(rows: graph.itemCount, columns: width)
    for index in basis.elements.indices {
        basis.elements[index] = generator.normal()
    }
    for _ in 0..<max(1, settings.rounds) {
        basis = adjacency.square(basis, threads: threads)
        // Twice, because the first time magnifies the rounding of weak directions.
        basis = basis.orthonormalised(threads: threads).orthonormalised(threads: threads)
    }
    // Within the subspace, the directions that the adjacency itself has (Rayleigh and Ritz).
    let image = adjacency.square(basis, threads: threads)
    let (directions, squares) = Matrix.product(basis, transposeA: true, image, threads: threads)
        .symmetricEigenvectors()
    var vectors = Matrix.product(
        basis,
        directions.gather(Array(0..<dimension)),
        transposeB: true,
        threads: threads
    )
    let strengths = squares.prefix(dimension).map { Float.pow(max($0, 0), settings.power / 2) }
    vectors.forEachRow(threads: threads) { item, row in
        let length = Float.pow(Float(max(1, graph.items.degree(of: item))), settings.lengthening)
        for index in row.indices {
            row[index] *= strengths[index] * length
        }
    }
    let squaredLength = innerProduct(vectors.elements.span, vectors.elements.span)
    let scale = (Float(graph.connectedItems.count) / max(squaredLength, 1e-20)).squareRoot()
    vectors.forEachRow(threads: threads) { _, row in
        for index in row.indices {
            row[index] *= scale
        }
    }
    return vectors
}

extension Matrix {
    /// An orthonormal basis of the columns' span; columns of no length become zeros.
    fileprivate func orthonormalised(threads: Int) -> Matrix {
        let gram = Matrix.product(self, transposeA: true, self, threads: threads)
        return .product(self, gram.inverseRoot(), transposeB: true, threads: threads)
    }

    /// diag(l)^-1/2 V, for the eigenvectors V, as rows, and values l of this matrix.
    ///
    /// Columns of which it holds the inner products are orthonormal after a product with its
    /// transpose. Directions of no length become zeros.
    func inverseRoot() -> Matrix {
        let (vectors, values) = symmetricEigenvectors()
        var scaled = vectors
        let smallest = (values.first ?? 0) * 1e-7
        scaled.forEachRow(threads: 1) { place, row in
            let scale = values[place] > smallest ? 1 / values[place].squareRoot() : 0
            for index in row.indices {
                row[index] *= scale
            }
        }
        return scaled
    }
}
