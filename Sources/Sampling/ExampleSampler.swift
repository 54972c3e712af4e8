package import Graph
package import Vectors

/// Something to learn: one or several items of a context, and another item of it.
///
/// With one query item it is a pair. With several it asks as a context does in a home feed, whose
/// query is the mean of its items.
package struct Example: Sendable, Equatable {
    package let query: [Int]
    package let item: Int
}

/// Draws examples: an item of an edge that the split sets aside, and query items of edges that it
/// does not.
///
/// Pairs may come from elsewhere instead (see ``PairSource``); the split does not concern those.
/// A context is drawn by its size, items in it by the damping of a walk (see ``Walker``).
package struct ExampleSampler: Sendable {
    private let walker: Walker
    private let graph: Graph
    private let split: EdgeSplit
    /// The contexts that hold two items or more: only they hold a pair.
    private let contexts: [UInt32]
    private let sizes: AliasTable
    /// For pairs that do not come from contexts.
    private let pairs: PairSampler?

    /// How often a draw is tried again before it takes what there is.
    private static let attempts = 32

    /// Nil where no context holds two items, so that there is no pair to draw, or no edge has a time where
    /// pairs are consecutive.
    package init?(
        of graph: Graph,
        split: EdgeSplit,
        damping: Float = 0,
        source: PairSource = .coMembership,
        walk: WalkSettings = WalkSettings()
    ) {
        if source == .coMembership {
            pairs = nil
        } else {
            let sampler = PairSampler(of: graph, damping: damping, source: source, walk: walk)
            guard let sampler else { return nil }
            pairs = sampler
        }
        self.graph = graph
        self.split = split
        walker = Walker(on: graph, damping: damping)
        contexts = (0..<graph.contextCount).filter { graph.contexts.degree(of: $0) >= 2 }
            .map { UInt32($0) }
        guard !contexts.isEmpty else { return nil }
        sizes = AliasTable(contexts.map { Double(graph.contexts.degree(of: Int($0))) })
    }

    /// An example with up to `limit` query items, fewer where the context has fewer.
    package func draw(upTo limit: Int, using generator: inout SeededGenerator) -> Example {
        if limit == 1, let pair = pairs?.draw(using: &generator) {
            return Example(query: [pair.query], item: pair.item)
        }
        var (context, position) = edge(using: &generator)
        for _ in 0..<Self.attempts where !split.isEmpty && !split.setsAside(position) {
            (context, position) = edge(using: &generator)
        }
        let item = graph.contexts.neighbour(at: position)
        if limit > 1 {
            // A size drawn evenly, so that small histories are learnt as well as large ones.
            let size = 1 + generator.index(below: limit)
            var others = graph.contexts.positions(of: context)
                .filter { $0 != position && !split.setsAside($0) }
            if !others.isEmpty {
                for place in 0..<min(size, others.count) {
                    others.swapAt(place, place + generator.index(below: others.count - place))
                }
                let query = others.prefix(size).map { graph.contexts.neighbour(at: $0) }
                return Example(query: query, item: item)
            }
        }
        return Example(
            query: [fellow(of: position, in: context, using: &generator)],
            item: item
        )
    }

    private func edge(using generator: inout SeededGenerator) -> (context: Int, position: Int) {
        let context = Int(contexts[sizes.draw(generator.next())])
        return (context, walker.position(in: context, using: &generator))
    }

    /// Another item of `context`, if it can be one of an edge that walks may take.
    private func fellow(
        of position: Int,
        in context: Int,
        using generator: inout SeededGenerator
    ) -> Int {
        for _ in 0..<Self.attempts {
            let other = walker.position(in: context, using: &generator)
            if other != position && !split.setsAside(other) {
                return graph.contexts.neighbour(at: other)
            }
        }
        let positions = graph.contexts.positions(of: context)
        let offset = generator.index(below: positions.count - 1)
        let other = positions.lowerBound + offset
        return graph.contexts.neighbour(at: other < position ? other : other + 1)
    }
}
