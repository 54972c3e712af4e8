import Graph
import RealModule
import Vectors

/// A: contexts x items, kept as the graph and a factor for each row and each column.
struct NormalisedAdjacency: Sendable {
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
}
