import Foundation
import Graph
import Sampling

/// Items 0, 1, 2 share context 0; items 2, 3 share context 1; item 4 has no edge.
func smallGraph(in folder: URL, weights: [Float] = [1, 1, 1, 1, 1]) throws -> Graph {
    let ends: [(UInt32, UInt32)] = [(0, 0), (0, 1), (0, 2), (1, 2), (1, 3)]
    return try Graph.build(
        zip(ends, weights).map { Edge(context: $0.0, item: $0.1, weight: $1) },
        contextCount: 2,
        itemCount: 5,
        at: folder.appendingPathComponent("graph.csr")
    )
}

/// The chance of each two-hop step, computed from the definition.
func exactStep(_ graph: Graph, from item: Int, damping: Float) -> [Float] {
    var chances = [Float](repeating: 0, count: graph.itemCount)
    let contexts = (0..<graph.items.degree(of: item)).map {
        (graph.items.neighbour(of: item, at: $0), graph.items.weight(of: item, at: $0))
    }
    let contextTotal = contexts.reduce(0) { $0 + $1.1 }
    for (context, weight) in contexts {
        let items = (0..<graph.contexts.degree(of: context)).map { index in
            let fellow = graph.contexts.neighbour(of: context, at: index)
            let degree = Float(graph.items.degree(of: fellow))
            let weight = graph.contexts.weight(of: context, at: index)
            return (fellow, weight * Float(pow(Double(degree), Double(-damping))))
        }
        let itemTotal = items.reduce(0) { $0 + $1.1 }
        for (fellow, share) in items {
            chances[fellow] += weight / contextTotal * share / itemTotal
        }
    }
    return chances
}

/// A graph of uneven use, larger than a batch of walks; weights are quarters where asked for.
func unevenGraph(in folder: URL, isWeighted: Bool = false) throws -> Graph {
    let edges = ZipfEdges(3000, contexts: 120, items: 200, exponent: 0.8, seed: 4)
    var seen: Set<[UInt32]> = []
    return try Graph.build(
        edges.filter { seen.insert([$0.context, $0.item]).inserted }.map { edge in
            let quarters = Float((edge.context + 3 * edge.item) % 7 + 1)
            return Edge(
                context: edge.context,
                item: edge.item,
                weight: isWeighted ? quarters / 4 : 1
            )
        },
        contextCount: 120,
        itemCount: 201,
        at: folder.appendingPathComponent("uneven.csr")
    )
}
