import Foundation
import Graph
import Sampling
import Vectors

/// A graph without some of its edges, and the pairs that those edges stand for.
///
/// A held-out edge (c, i) gives the pair (q, i), q being another item of c. No context gives more
/// than one edge, and only contexts of three items or more give any, so that a pair stays in each.
struct ValidationSplit {
    let graph: Graph
    let pairs: [Pair]

    /// Holds out up to `count` edges, but at most a twentieth of all; writes the graph of the
    /// others to `file`.
    init(of graph: Graph, count: Int, seed: UInt64, file: URL) throws {
        let limit = min(count, graph.edgeCount / 20)
        var generator = SeededGenerator(seed: seed, stream: 1 << 62)
        var contexts = (0..<graph.contextCount).filter { graph.contexts.degree(of: $0) >= 3 }
        contexts.shuffle(using: &generator)
        guard limit > 0, !contexts.isEmpty else {
            (self.graph, pairs) = (graph, [])
            return
        }
        var heldOut: [Int: Int] = [:]
        pairs = contexts.prefix(limit).map { context in
            let degree = graph.contexts.degree(of: context)
            let position = generator.index(below: degree)
            // Any of the other positions, evenly.
            let other = (position + 1 + generator.index(below: degree - 1)) % degree
            let item = graph.contexts.neighbour(of: context, at: position)
            heldOut[context] = item
            return Pair(query: graph.contexts.neighbour(of: context, at: other), item: item)
        }
        self.graph = try Graph.build(
            graph.edges.filter { heldOut[Int($0.context)] != Int($0.item) },
            contextCount: graph.contextCount,
            itemCount: graph.itemCount,
            at: file
        )
    }
}
