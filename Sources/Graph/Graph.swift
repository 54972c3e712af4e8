package import Files
package import Foundation

/// The bipartite graph of items and contexts, mapped from its file and immutable.
///
/// Both directions are stored in compressed rows, so the contexts of an item and the items of a
/// context are each one look-up away. An item may have no edges.
///
/// ```swift
/// let graph = try Graph.build(edges, contextCount: 2, itemCount: 3, at: url)
/// let first = graph.contexts.neighbour(of: 0, at: 0)  // an item of context 0
/// ```
package struct Graph: Sendable {
    /// Row c holds the items of context c, ascending.
    package let contexts: Adjacency
    /// Row i holds the contexts of item i, ascending.
    package let items: Adjacency
    /// The checksum in the file's header, by which a catalogue knows the graph it came with.
    package let checksum: Checksum
    /// The size of its file.
    package let byteCount: Int

    package var contextCount: Int { contexts.rowCount }
    package var itemCount: Int { items.rowCount }
    package var edgeCount: Int { items.neighbourCount }

    /// The items that have an edge, ascending.
    package var connectedItems: [Int] {
        (0..<itemCount).filter { items.degree(of: $0) > 0 }
    }

    /// Every edge once, by context and then by item.
    ///
    /// - Complexity: O(edges) memory; take ``filtered(to:_:)`` for graphs of any size.
    package var edges: [Edge] {
        (0..<contextCount).flatMap { context in
            contexts.positions(of: context).map { edge(at: $0, of: context) }
        }
    }

    /// Writes the graph of those edges for which `includes` holds to `url`, and maps it; `position` is
    /// that of an edge among all neighbours of contexts.
    ///
    /// Contexts and items keep their numbers.
    ///
    /// - Complexity: as that of a ``GraphBuilder``, with its bounds of memory.
    package func filtered(
        to url: URL,
        in residence: MappedFile.Residence = .pageCache,
        _ includes: (_ context: Int, _ position: Int) -> Bool
    ) throws(FileError) -> Graph {
        var builder = GraphBuilder(at: url)
        for context in 0..<contextCount {
            for position in contexts.positions(of: context) where includes(context, position) {
                try builder.append(edge(at: position, of: context))
            }
        }
        return try builder.finish(
            contextCount: contextCount,
            itemCount: itemCount,
            in: residence
        )
    }

    /// The edge at `position` among all neighbours of contexts, which is one of `context`.
    package func edge(at position: Int, of context: Int) -> Edge {
        Edge(
            context: UInt32(context),
            item: UInt32(contexts.neighbour(at: position)),
            weight: contexts.weight(at: position),
            time: contexts.time(at: position)
        )
    }
}
