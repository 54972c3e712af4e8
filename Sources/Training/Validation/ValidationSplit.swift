import Evaluation
import Files
import Foundation
import Graph
import Sampling
import Vectors

/// A graph without some of its edges, and what those edges ask.
///
/// Contexts of three items or more, drawn at random, each hold out a fifth of their items. A
/// held-out edge (c, i) gives the pair (q, i), q being an item that c keeps; and each such context
/// asks, with the items that it keeps, for those that it held out.
struct ValidationSplit {
    let graph: Graph
    let pairs: [Pair]
    let contexts: [ContextQuery]

    private static let smallestContext = 3
    /// One in so many items of a context is held out, but always one.
    private static let portion = 5

    /// Holds out about `count` edges, but at most a twentieth of all, and leaves out all but a share
    /// `sample` of the contexts; writes the graph of the other edges to `file`.
    init(of graph: Graph, count: Int, sample: Float = 1, seed: UInt64, file: URL) throws {
        let limit = min(count, graph.edgeCount / 20)
        var generator = SeededGenerator(seed: seed, stream: 1 << 62)
        let isSampled = (0..<graph.contextCount).map { _ in
            sample >= 1 || generator.unit() < sample
        }
        var candidates = (0..<graph.contextCount)
            .filter { graph.contexts.degree(of: $0) >= Self.smallestContext }
        candidates.shuffle(using: &generator)
        var heldOut: Set<Int> = []
        var pairs: [Pair] = []
        var contexts: [ContextQuery] = []
        for context in candidates where pairs.count < limit {
            var positions = Array(graph.contexts.positions(of: context))
            positions.shuffle(using: &generator)
            let held = positions.prefix(
                min(limit - pairs.count, max(1, positions.count / Self.portion))
            )
            let kept = positions.dropFirst(held.count).map { graph.contexts.neighbour(at: $0) }
            heldOut.formUnion(held)
            contexts.append(
                ContextQuery(
                    known: kept,
                    heldOut: held.map { graph.contexts.neighbour(at: $0) }
                )
            )
            pairs += held.map { position in
                Pair(
                    query: kept[generator.index(below: kept.count)],
                    item: graph.contexts.neighbour(at: position)
                )
            }
        }
        self.pairs = pairs
        self.contexts = contexts
        guard !pairs.isEmpty || sample < 1 else {
            self.graph = graph
            return
        }
        self.graph = try graph.filtered(to: file, in: .hugePages) { context, position in
            isSampled[context] && !heldOut.contains(position)
        }
    }
}
