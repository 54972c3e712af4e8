import Graph
import Vectors

/// All pairs of items that came into a context one right after the other.
///
/// Edges without a time are left out. Items of one time follow each other by their numbers.
struct ConsecutivePairs: Sendable {
    private var pairs: [(query: UInt32, item: UInt32)] = []

    /// Nil where there is no such pair, as in a graph without times.
    ///
    /// - Complexity: O(edges log edges of a context) time, 8 bytes for each edge.
    init?(of graph: Graph) {
        guard graph.contexts.isTimed else { return nil }
        var members: [(time: Int64, item: UInt32)] = []
        for context in 0..<graph.contextCount {
            members.removeAll(keepingCapacity: true)
            for position in graph.contexts.positions(of: context) {
                guard let time = graph.contexts.time(at: position) else { continue }
                members.append((time, UInt32(graph.contexts.neighbour(at: position))))
            }
            members.sort { ($0.time, $0.item) < ($1.time, $1.item) }
            for (member, next) in zip(members, members.dropFirst()) {
                pairs.append((member.item, next.item))
            }
        }
        guard !pairs.isEmpty else { return nil }
    }

    /// Any of the pairs, evenly.
    func draw(using generator: inout SeededGenerator) -> Pair {
        let pair = pairs[generator.index(below: pairs.count)]
        return Pair(query: Int(pair.query), item: Int(pair.item))
    }
}
