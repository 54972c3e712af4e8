import Evaluation
import Foundation
import Graph
import Vectors

/// A graph without some of its items' edges, as if those items were new, and what is asked of them.
///
/// A lost edge (c, i) gives the pair (i, q), q being an item that c keeps; and each context that lost
/// edges asks, with the items that it keeps, for the new ones.
struct NewItemSplit {
    let graph: Graph
    /// The new items, ascending.
    let items: [Int]
    let pairs: [Pair]
    let contexts: [ContextQuery]

    /// An item of fewer edges says little about how well it was found.
    private static let smallestDegree = 3

    /// Takes out `count` items of three edges or more, but at most a tenth of those, and writes the
    /// graph of the others' edges to `file`.
    init(of graph: Graph, count: Int, seed: UInt64, file: URL) throws {
        var generator = SeededGenerator(seed: seed, stream: 1 << 57)
        var candidates = (0..<graph.itemCount)
            .filter { graph.items.degree(of: $0) >= Self.smallestDegree }
        candidates.shuffle(using: &generator)
        items = candidates.prefix(min(count, candidates.count / 10)).sorted()
        guard !items.isEmpty else {
            (self.graph, pairs, contexts) = (graph, [], [])
            return
        }
        let isNew = Set(items)
        var (pairs, contexts): ([Pair], [ContextQuery]) = ([], [])
        for context in 0..<graph.contextCount {
            let members = graph.contexts.positions(of: context)
                .map { graph.contexts.neighbour(at: $0) }
            let (kept, lost) = (
                members.filter { !isNew.contains($0) }, members.filter(isNew.contains)
            )
            guard !kept.isEmpty, !lost.isEmpty else { continue }
            contexts.append(ContextQuery(known: kept, heldOut: lost))
            pairs += lost.map {
                Pair(query: $0, item: kept[generator.index(below: kept.count)])
            }
        }
        (self.pairs, self.contexts) = (pairs, contexts)
        self.graph = try graph.filtered(to: file) { _, position in
            !isNew.contains(graph.contexts.neighbour(at: position))
        }
    }
}
