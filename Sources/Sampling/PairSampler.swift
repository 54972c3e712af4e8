package import Graph
package import Vectors

/// Draws pairs of items that share a context.
///
/// An edge is drawn first, which gives the query; the other item is drawn from the edge's context.
/// Both draws are damped by degree like a walk's (see ``Walker``); at damping 0 a pair is a random
/// edge and a random fellow of its item.
package struct PairSampler: Sendable {
    private let walker: Walker
    private let graph: Graph
    /// The contexts that hold two items or more: only they hold a pair.
    private let contexts: [UInt32]
    private let sizes: AliasTable

    /// Nil where no context holds two items, so that there is no pair to draw.
    package init?(of graph: Graph, damping: Float = 0) {
        self.graph = graph
        walker = Walker(on: graph, damping: damping)
        contexts = (0..<graph.contextCount).filter { graph.contexts.degree(of: $0) >= 2 }
            .map { UInt32($0) }
        guard !contexts.isEmpty else { return nil }
        sizes = AliasTable(contexts.map { Double(graph.contexts.degree(of: Int($0))) })
    }

    package func draw(using generator: inout SeededGenerator) -> Pair {
        let context = Int(contexts[sizes.draw(generator.next())])
        let query = walker.item(in: context, using: &generator)
        // A context whose weight lies almost wholly on one item would keep a draw by weight busy
        // for long, so after a few attempts the fellow is drawn evenly.
        for _ in 0..<8 {
            let item = walker.item(in: context, using: &generator)
            if item != query {
                return Pair(query: query, item: item)
            }
        }
        let positions = graph.contexts.positions(of: context)
        let offset = generator.index(below: positions.count - 1)
        let fellow = graph.contexts.neighbour(at: positions.lowerBound + offset)
        guard fellow == query else { return Pair(query: query, item: fellow) }
        return Pair(query: query, item: graph.contexts.neighbour(at: positions.upperBound - 1))
    }
}
