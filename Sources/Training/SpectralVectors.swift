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

/// A: contexts x items, kept as the graph and a factor for each row and each column.
private struct NormalisedAdjacency: Sendable {
    let graph: Graph
    let contextFactors: [Float]
    let itemFactors: [Float]

    init(_ graph: Graph, damping: Float) {
        self.graph = graph
        contextFactors = (0..<graph.contextCount).map {
            1 / Float(max(1, graph.contexts.degree(of: $0))).squareRoot()
        }
        itemFactors = (0..<graph.itemCount).map {
            Float.pow(Float(max(1, graph.items.degree(of: $0))), -damping)
        }
    }

    /// A^T A X, for X (items, width).
    func square(_ matrix: Matrix, threads: Int) -> Matrix {
        var contexts = Matrix(rows: graph.contextCount, columns: matrix.columns)
        contexts.gather(graph.contexts, matrix, from: itemFactors, to: contextFactors, threads)
        var items = Matrix(rows: matrix.rows, columns: matrix.columns)
        items.gather(graph.items, contexts, from: contextFactors, to: itemFactors, threads)
        return items
    }
}

extension Matrix {
    /// Sets row r to the sum of its neighbours' rows of `source`, each times its weight and its
    /// factor, and all times r's.
    fileprivate mutating func gather(
        _ adjacency: Adjacency,
        _ source: Matrix,
        from sourceFactors: [Float],
        to factors: [Float],
        _ threads: Int
    ) {
        forEachRow(threads: threads) { place, row in
            for position in adjacency.positions(of: place) {
                let neighbour = adjacency.neighbour(at: position)
                let factor =
                    adjacency.weight(at: position) * sourceFactors[neighbour] * factors[place]
                let values = source.elements.span.extracting(source.range(ofRow: neighbour))
                for index in row.indices {
                    row[index] += factor * values[index]
                }
            }
        }
    }

    /// An orthonormal basis of the columns' span: X V diag(l)^-1/2, with the eigenvectors V and
    /// values l of X^T X; columns of no length become zeros.
    fileprivate func orthonormalised(threads: Int) -> Matrix {
        let (vectors, values) = Matrix.product(self, transposeA: true, self, threads: threads)
            .symmetricEigenvectors()
        var scaled = vectors
        let smallest = (values.first ?? 0) * 1e-7
        scaled.forEachRow(threads: 1) { place, row in
            let scale = values[place] > smallest ? 1 / values[place].squareRoot() : 0
            for index in row.indices {
                row[index] *= scale
            }
        }
        return .product(self, scaled, transposeB: true, threads: threads)
    }
}
