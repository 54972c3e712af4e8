import Graph
import RealModule
import Vectors

/// A: contexts x items, kept as the graph and a factor for each row and each column.
///
/// It is scaled by a power of two so that its largest factors and weights are about 1: its square is
/// squared again on the way to an orthonormal basis, which weights such as seconds would overflow.
struct NormalisedAdjacency: Sendable {
    let graph: Graph
    let contextFactors: [Float]
    let itemFactors: [Float]

    init(_ graph: Graph, damping: Float) {
        self.graph = graph
        let scale = powerOfTwo(below: graph.contexts.largestWeight)
        contextFactors = (0..<graph.contextCount).map {
            1 / (scale * Float(max(1, graph.contexts.degree(of: $0))).squareRoot())
        }
        let factors = (0..<graph.itemCount).map {
            Float.pow(Float(max(1, graph.items.degree(of: $0))), -damping)
        }
        let largest = powerOfTwo(below: factors.max() ?? 1)
        itemFactors = factors.map { $0 / largest }
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

private func powerOfTwo(below value: Float) -> Float {
    Float(sign: .plus, exponent: value.exponent, significand: 1)
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
}
