package import Files
package import Foundation

/// What becomes of edges between the same context and the same item.
package enum RepeatedEdges: Sendable {
    /// One edge whose weight is their sum.
    case add
    /// The first of them.
    case ignore
}

/// Writes a graph of any number of edges, which come one by one in any order, in bounded memory.
///
/// What does not fit lies in scratch files beside the graph, which have no names and go away with
/// the builder, however it ends. A builder that is dropped leaves nothing.
///
/// ```swift
/// var builder = GraphBuilder(at: url)
/// for edge in edges { try builder.append(edge) }
/// let graph = try builder.finish(contextCount: 2, itemCount: 3)
/// ```
package struct GraphBuilder: ~Copyable {
    private let url: URL
    private let repeated: RepeatedEdges
    private let memory: Int
    private var edges: EdgeSorter

    /// A builder of the graph at `url` that uses about `memory` bytes, and 8 for each context and
    /// each item.
    package init(
        at url: URL,
        repeated: RepeatedEdges = .add,
        memory: Int = 256 << 20
    ) {
        self.url = url
        self.repeated = repeated
        self.memory = memory
        edges = EdgeSorter(memory: memory / 2, folder: url.deletingLastPathComponent())
    }

    /// Adds an edge; its context and its item must be below the counts that ``finish`` is given.
    ///
    /// - Throws: ``FileError`` where the disk is full.
    package mutating func append(_ edge: Edge) throws(FileError) {
        try edges.append(EdgeRecord(edge))
    }

    /// Writes the graph, in place of the file that may be there, and maps it.
    ///
    /// Of repeated edges that are added the earliest time stays.
    ///
    /// - Complexity: O(edges log runs), where a run is what fits into the memory; 60 bytes of disk
    ///   for each edge while it lasts.
    package consuming func finish(
        contextCount: Int,
        itemCount: Int,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) -> Graph {
        let (url, repeated) = (url, repeated)
        let folder = url.deletingLastPathComponent()
        var contexts = AdjacencyColumns(
            rowCount: contextCount,
            otherCount: itemCount,
            folder: folder
        )
        var reversed = EdgeSorter(memory: memory / 2, folder: folder)
        var last: EdgeRecord?
        try edges.forEach { (record) throws(FileError) in
            if var same = last, same.key == record.key {
                if repeated == .add {
                    same.merge(record)
                    last = same
                }
                return
            }
            if let last {
                try contexts.append(last)
                try reversed.append(last.reversed)
            }
            last = record
        }
        if let last {
            try contexts.append(last)
            try reversed.append(last.reversed)
        }
        contexts.finish()
        var items = AdjacencyColumns(
            rowCount: itemCount,
            otherCount: contextCount,
            folder: folder
        )
        try reversed.forEach { (record) throws(FileError) in try items.append(record) }
        items.finish()
        try Self.write(contexts, items, sizes: (contextCount, itemCount), at: url)
        return try Graph(contentsOf: url, in: residence)
    }

    /// Writes the file of two directions of one graph.
    private static func write(
        _ contexts: borrowing AdjacencyColumns,
        _ items: borrowing AdjacencyColumns,
        sizes: (contexts: Int, items: Int),
        at url: URL
    ) throws(FileError) {
        var digest = DigestBuilder()
        try contexts.forEachPiece { (piece) throws(FileError) in digest.append(piece) }
        try items.forEachPiece { (piece) throws(FileError) in digest.append(piece) }
        let checksum = digest.finish().checksum.value
        let flags =
            (contexts.isWeighted ? GraphFile.weightedFlag : 0)
            | (contexts.isTimed ? GraphFile.timedFlag : 0)
        let counts = [sizes.contexts, sizes.items, contexts.count].map { UInt64($0) }
        try replaceFile(at: url) { (file) throws(FileError) in
            try file.append(GraphFile.magic)
            try file.append([GraphFile.formatVersion, flags])
            try file.append(counts + [checksum])
            try file.append([flags & ~GraphFile.weightedFlag])
            try file.pad(to: GraphFile.headerSize)
            try contexts.forEachPiece { (piece) throws(FileError) in try file.append(piece) }
            try items.forEachPiece { (piece) throws(FileError) in try file.append(piece) }
        }
    }
}

extension Graph {
    /// Writes the graph of `edges` at `url`, and maps it: a ``GraphBuilder`` that is given them all.
    package static func build(
        _ edges: [Edge],
        contextCount: Int,
        itemCount: Int,
        at url: URL
    ) throws(FileError) -> Graph {
        var builder = GraphBuilder(at: url)
        for edge in edges {
            try builder.append(edge)
        }
        return try builder.finish(contextCount: contextCount, itemCount: itemCount)
    }
}
