package import Graph
package import Vectors

/// Something to learn: one or several items of a context, and another item of it.
///
/// With one query item it is a pair. With several it asks as a context does in a home feed, whose
/// query is the mean of its items.
package struct Example: Sendable, Equatable {
    package let query: [Int]
    package let item: Int

    package init(query: [Int], item: Int) {
        self.query = query
        self.item = item
    }
}

/// Draws examples from the contexts of a graph: an item of an edge that the split sets aside, and
/// query items of edges that it does not.
///
/// A context is drawn by its size, items in it by the damping of a walk (see ``Walker``); at damping
/// 0 a pair is a random edge and a random fellow of its item. Pairs may come from elsewhere instead
/// (see ``PairSource``); the split does not concern those.
package struct ExampleSampler: Sendable {
    private let walker: Walker
    private let graph: Graph
    private let split: EdgeSplit
    private let source: PairSource
    private let walk: WalkSettings
    /// The contexts that hold two items or more: only they hold a pair.
    private let contexts: [UInt32]
    private let sizes: AliasTable
    /// Only where pairs come from them.
    private let consecutive: ConsecutivePairs?

    /// How often a draw is tried again before it takes what there is: weights may lead back to the
    /// same item almost always.
    private static let attempts = 32
    /// The same for an edge that is set aside: enough where one in a hundred is.
    private static let edgeAttempts = 1000

    /// Nil where there is no pair to draw: no context holds two items or, for consecutive pairs, two
    /// items with a time.
    ///
    /// Of `walk`, only the length and the chance of a restart count, and only for pairs from walks.
    package init?(
        of graph: Graph,
        split: EdgeSplit = .none,
        damping: Float = 0,
        source: PairSource = .coMembership,
        walk: WalkSettings = WalkSettings()
    ) {
        self.graph = graph
        self.split = split
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

    /// A pair of the source that the sampler was made for.
    package func drawPair(using generator: inout SeededGenerator) -> Pair {
        if let consecutive {
            return consecutive.draw(using: &generator)
        }
        if source == .walks {
            return pairOfWalk(using: &generator)
        }
        let (context, position) = edgeToPredict(using: &generator)
        return Pair(
            query: fellow(of: position, in: context, using: &generator),
            item: graph.contexts.neighbour(at: position)
        )
    }

    /// Up to `limit` items of a context, as many as chance says, and another item of it.
    package func drawContext(upTo limit: Int, using generator: inout SeededGenerator) -> Example {
        let (context, position) = edgeToPredict(using: &generator)
        let item = graph.contexts.neighbour(at: position)
        // A size drawn evenly, so that small histories are learnt as well as large ones.
        let size = 1 + generator.index(below: limit)
        var others = graph.contexts.positions(of: context)
            .filter { $0 != position && !split.setsAside($0) }
        guard !others.isEmpty else {
            return Example(
                query: [fellow(of: position, in: context, using: &generator)],
                item: item
            )
        }
        for place in 0..<min(size, others.count) {
            others.swapAt(place, place + generator.index(below: others.count - place))
        }
        return Example(
            query: others.prefix(size).map { graph.contexts.neighbour(at: $0) },
            item: item
        )
    }

    /// An edge that the split sets aside, where it sets any aside: its context and its position.
    private func edgeToPredict(
        using generator: inout SeededGenerator
    ) -> (context: Int, position: Int) {
        var edge = edge(using: &generator)
        for _ in 0..<Self.edgeAttempts where !split.isEmpty && !split.setsAside(edge.position) {
            edge = self.edge(using: &generator)
        }
        return edge
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

    /// An item of a random edge, and where a walk from it is when it restarts or has its full length.
    private func pairOfWalk(using generator: inout SeededGenerator) -> Pair {
        let (context, position) = edge(using: &generator)
        let query = graph.contexts.neighbour(at: position)
        for _ in 0..<Self.attempts {
            var place = walker.step(from: query, using: &generator)
            for _ in 1..<max(1, walk.length) {
                guard generator.unit() >= walk.restart else { break }
                place = walker.step(from: place, using: &generator)
            }
            if place != query {
                return Pair(query: query, item: place)
            }
        }
        return Pair(query: query, item: fellow(of: position, in: context, using: &generator))
    }
}
