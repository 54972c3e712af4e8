import RealModule
package import Graph
package import Vectors

/// Takes random steps on the graph: from an item to one of its contexts, and from there to one of
/// that context's items.
///
/// A context is drawn by the weights of the item's edges; an item by the weights of the context's
/// edges, each divided by the item's degree to the power of `damping`. At 0 this is the paper's
/// walk. Above 0 an item that lies in most contexts is visited less often, since lying next to it
/// says little (the purpose of Pixie's pruning: Eksombatchai et al., WWW 2018, section 3.2).
package struct Walker: Sendable {
    private let graph: Graph
    private let contextTable: CumulativeWeights<Float>?
    private let itemTable: CumulativeWeights<Float>?

    /// - Complexity: O(edges) time and memory where edges carry weights or `damping` is not 0; O(1)
    ///   otherwise.
    package init(on graph: Graph, damping: Float = 0) {
        self.graph = graph
        contextTable =
            graph.items.isWeighted
            ? CumulativeWeights(rowsOf: graph.items) { graph.items.weight(at: $0) } : nil
        guard damping != 0 || graph.contexts.isWeighted else {
            itemTable = nil
            return
        }
        let factors = (0..<graph.itemCount).map { item in
            Float.pow(Float(max(1, graph.items.degree(of: item))), -damping)
        }
        itemTable = CumulativeWeights(rowsOf: graph.contexts) { position in
            graph.contexts.weight(at: position) * factors[graph.contexts.neighbour(at: position)]
        }
    }

    /// The position, among all items of all contexts, of an item of `context`, which must have one.
    @inline(__always)
    package func position(in context: Int, using generator: inout SeededGenerator) -> Int {
        draw(from: graph.contexts, row: context, by: itemTable, using: &generator)
    }

    /// An item of `context`, which must have one.
    @inline(__always)
    package func item(in context: Int, using generator: inout SeededGenerator) -> Int {
        graph.contexts.neighbour(at: position(in: context, using: &generator))
    }

    /// A context of `item`, which must have one.
    @inline(__always)
    package func context(of item: Int, using generator: inout SeededGenerator) -> Int {
        graph.items.neighbour(
            at: draw(from: graph.items, row: item, by: contextTable, using: &generator)
        )
    }

    /// The item two steps away from `item`, which must have an edge; it may be `item` itself.
    @inline(__always)
    package func step(from item: Int, using generator: inout SeededGenerator) -> Int {
        self.item(in: context(of: item, using: &generator), using: &generator)
    }

    @inline(__always)
    private func draw(
        from adjacency: Adjacency,
        row: Int,
        by table: CumulativeWeights<Float>?,
        using generator: inout SeededGenerator
    ) -> Int {
        let positions = adjacency.positions(of: row)
        return table?.draw(from: positions, using: &generator)
            ?? positions.lowerBound + generator.index(below: positions.count)
    }
}
