package import Graph
package import Vectors

/// Draws pairs of an item and another that should be near it (see ``PairSource``).
///
/// From contexts and from walks, an edge is drawn first, which gives the query. Then the other item
/// is drawn from the edge's context, or a walk from the query leads to it. All draws are damped by
/// degree like a walk's (see ``Walker``); at damping 0 a pair from contexts is a random edge and a
/// random fellow of its item.
package struct PairSampler: Sendable {
    private let walker: Walker
    private let graph: Graph
    private let source: PairSource
    private let walk: WalkSettings
    /// The contexts that hold two items or more: only they hold a pair.
    private let contexts: [UInt32]
    private let sizes: AliasTable
    /// Only for that source.
    private let consecutive: ConsecutivePairs?

    /// Nil where there is no pair to draw: no context holds two items or, for consecutive pairs, two
    /// items with a time.
    ///
    /// Of `walk`, only the length and the chance of a restart count.
    package init?(
        of graph: Graph,
        damping: Float = 0,
        source: PairSource = .coMembership,
        walk: WalkSettings = WalkSettings()
    ) {
        self.graph = graph
        self.source = source
        self.walk = walk
        walker = Walker(on: graph, damping: damping)
        contexts = (0..<graph.contextCount).filter { graph.contexts.degree(of: $0) >= 2 }
            .map { UInt32($0) }
        guard !contexts.isEmpty else { return nil }
        sizes = AliasTable(contexts.map { Double(graph.contexts.degree(of: Int($0))) })
        consecutive = source == .consecutive ? ConsecutivePairs(of: graph) : nil
        guard source != .consecutive || consecutive != nil else { return nil }
    }

    package func draw(using generator: inout SeededGenerator) -> Pair {
        if let consecutive {
            return consecutive.draw(using: &generator)
        }
        let context = Int(contexts[sizes.draw(generator.next())])
        let query = walker.item(in: context, using: &generator)
        // Weights may lead back to the query almost always, so after a few attempts the fellow is
        // drawn evenly.
        for _ in 0..<8 {
            let item =
                source == .walks
                ? end(ofWalkFrom: query, using: &generator)
                : walker.item(in: context, using: &generator)
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

    /// Where a walk from `item` is when it restarts, or has its full length.
    private func end(ofWalkFrom item: Int, using generator: inout SeededGenerator) -> Int {
        var place = walker.step(from: item, using: &generator)
        for _ in 1..<max(1, walk.length) {
            guard generator.unit() >= walk.restart else { break }
            place = walker.step(from: place, using: &generator)
        }
        return place
    }
}
