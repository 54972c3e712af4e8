package import Graph
import RealModule
package import Vectors

/// Takes random steps on the graph: from an item to one of its contexts, and from there to one of
/// that context's items.
///
/// A context is drawn by the weights of the item's edges; an item by the weights of the context's
/// edges, each divided by the item's degree to the power of `damping`. At 0 this is the paper's
/// walk. Above 0 an item that lies in most contexts is visited less often, since lying next to it
/// says little (the purpose of Pixie's pruning: Eksombatchai and others, WWW 2018, section 3.2).
package struct Walker: Sendable {
    let graph: Graph
    /// The most contexts that an item has.
    let highestDegree: Int
    /// Empty where neighbours are drawn evenly, as is the other one.
    private let contextTable: AliasTable
    private let itemTable: AliasTable

    /// - Complexity: O(edges) time, and 8 bytes of memory for each edge and direction, where edges
    ///   carry weights or `damping` is not 0; O(items) time and no memory otherwise.
    package init(on graph: Graph, damping: Float = 0) {
        self.graph = graph
        highestDegree = (0..<graph.itemCount).lazy.map(graph.items.degree).max() ?? 0
        contextTable =
            graph.items.isWeighted
            ? AliasTable(rowsOf: graph.items) { Double(graph.items.weight(at: $0)) }
            : AliasTable([])
        guard damping != 0 || graph.contexts.isWeighted else {
            itemTable = AliasTable([])
            return
        }
        let factors = (0..<graph.itemCount).map { item in
            Double.pow(Double(max(1, graph.items.degree(of: item))), -Double(damping))
        }
        itemTable = AliasTable(rowsOf: graph.contexts) { position in
            Double(graph.contexts.weight(at: position))
                * factors[graph.contexts.neighbour(at: position)]
        }
    }

    /// The position, among all items of all contexts, of an item of `context`, which must have one.
    @inline(__always)
    package func position(in context: Int, using generator: inout SeededGenerator) -> Int {
        draw(from: graph.contexts, row: context, by: itemTable, using: &generator)
    }

    /// An item of `context`, which must have one.
    package func item(in context: Int, using generator: inout SeededGenerator) -> Int {
        graph.contexts.neighbour(at: position(in: context, using: &generator))
    }

    /// A context of `item`, which must have one.
    package func context(of item: Int, using generator: inout SeededGenerator) -> Int {
        graph.items.neighbour(
            at: draw(from: graph.items, row: item, by: contextTable, using: &generator)
        )
    }

    /// The item two hops away from `item`, which must have an edge; it may be `item` itself.
    package func step(from item: Int, using generator: inout SeededGenerator) -> Int {
        self.item(in: context(of: item, using: &generator), using: &generator)
    }

    private func draw(
        from adjacency: Adjacency,
        row: Int,
        by table: AliasTable,
        using generator: inout SeededGenerator
    ) -> Int {
        let positions = adjacency.positions(of: row)
        return table.isEmpty
            ? positions.lowerBound + generator.index(below: positions.count)
            : table.draw(generator.next(), from: positions)
    }
}

extension Walker {
    /// The hop of many walks from items to contexts.
    var toContexts: Hop {
        @_lifetime(borrow self)
        get {
            Hop(over: graph.items, by: contextTable)
        }
    }

    /// The hop of many walks from contexts to items.
    var toItems: Hop {
        @_lifetime(borrow self)
        get {
            Hop(over: graph.contexts, by: itemTable)
        }
    }
}
