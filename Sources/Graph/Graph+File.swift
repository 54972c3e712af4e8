package import Files
package import Foundation

// The file of a graph (`graph/graph.csr`), all numbers little-endian:
//
//      0  8 B   magic "CORKGRPH"
//      8  u32   format version, 1
//     12  u32   flags: bit 0, edges carry weights
//     16  u64   contexts, C
//     24  u64   items, I
//     32  u64   edges, E
//     40  u64   checksum of all bytes from 64 on
//     48  16 B  zero
//     64        contexts: (C + 1) x u64 offsets, E x u32 items, E x f32 weights if flagged
//               items:    (I + 1) x u64 offsets, E x u32 contexts, E x f32 weights if flagged
//
// Every array starts at a multiple of 64 bytes; the gaps are zero.

private let magic = Array("CORKGRPH".utf8)
private let formatVersion: UInt32 = 1
private let weightedFlag: UInt32 = 1
private let headerSize = 64
private let alignment = 64

extension Graph {
    /// Maps the graph at `url` and checks it: its header, its checksum, and that every neighbour
    /// exists, so that no walk can step outside.
    package init(contentsOf url: URL) throws(FileError) {
        let file = try MappedFile(at: url)
        guard file.byteCount >= headerSize,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else {
            throw FileError(.damaged, "\(url.path) is not a graph; import the edges again")
        }
        let version = try file.array(of: UInt32.self, at: 8, count: 2)
        guard version[0] == formatVersion else {
            throw FileError(
                .damaged,
                "\(url.path) has graph format \(version[0]), this program reads \(formatVersion); "
                    + "import the edges again"
            )
        }
        let sizes = try file.array(of: UInt64.self, at: 16, count: 4)
        guard let contextCount = Int(exactly: sizes[0]), let itemCount = Int(exactly: sizes[1]),
            let edgeCount = Int(exactly: sizes[2]),
            max(contextCount, itemCount, edgeCount) <= file.byteCount,
            Checksum(of: file.bytes.extracting(droppingFirst: headerSize)).value == sizes[3]
        else {
            throw FileError(.damaged, "\(url.path) is damaged; import the edges again")
        }
        var offset = headerSize
        func direction(rows: Int, others: Int) throws(FileError) -> Adjacency {
            func next<Element>(_: Element.Type, count: Int) throws(FileError)
                -> MappedArray<Element>
            {
                let array = try file.array(of: Element.self, at: offset, count: count)
                offset +=
                    (count * MemoryLayout<Element>.stride + alignment - 1)
                    / alignment * alignment
                return array
            }
            let adjacency = Adjacency(
                offsets: try next(UInt64.self, count: rows + 1),
                neighbours: try next(UInt32.self, count: edgeCount),
                weights: version[1] & weightedFlag == 0
                    ? nil : try next(Float.self, count: edgeCount)
            )
            guard adjacency.isConsistent(others: others) else {
                throw FileError(.damaged, "\(url.path) is damaged; import the edges again")
            }
            return adjacency
        }
        checksum = Checksum(value: sizes[3])
        contexts = try direction(rows: contextCount, others: itemCount)
        items = try direction(rows: itemCount, others: contextCount)
    }

    /// Writes the graph of `edges` at `url`, and maps it.
    ///
    /// Edges between the same context and item become one whose weight is their sum.
    ///
    /// - Complexity: O(edges log edges); about 40 bytes of memory for each edge.
    package static func build(
        _ edges: [Edge],
        contextCount: Int,
        itemCount: Int,
        at url: URL
    ) throws(FileError) -> Graph {
        let merged = merge(edges)
        precondition(
            merged.allSatisfy { Int($0.context) < contextCount && Int($0.item) < itemCount },
            "every edge must join a context and an item that exist"
        )
        let isWeighted = merged.contains { $0.weight != 1 }
        let body = url.appendingPathExtension("body")
        defer { try? FileManager.default.removeItem(at: body) }
        var writer = try FileWriter(at: body)
        try writer.appendDirection(
            merged,
            rowCount: contextCount,
            row: \.context,
            neighbour: \.item,
            isWeighted: isWeighted
        )
        try writer.appendDirection(
            merged.sorted { ($0.item, $0.context) < ($1.item, $1.context) },
            rowCount: itemCount,
            row: \.item,
            neighbour: \.context,
            isWeighted: isWeighted
        )
        let checksum = try writer.finish().checksum
        let bytes = try MappedFile(at: body)
        try replaceFile(at: url) { (file) throws(FileError) in
            try file.append(magic)
            try file.append([formatVersion, isWeighted ? weightedFlag : 0])
            try file.append(
                [UInt64(contextCount), UInt64(itemCount), UInt64(merged.count), checksum.value]
            )
            try file.pad(to: headerSize)
            try file.append(bytes.bytes)
        }
        return try Graph(contentsOf: url)
    }

    /// The edges by context and item, each pair once.
    private static func merge(_ edges: [Edge]) -> [Edge] {
        var merged: [Edge] = []
        merged.reserveCapacity(edges.count)
        for edge in edges.sorted(by: { ($0.context, $0.item) < ($1.context, $1.item) }) {
            if let last = merged.last, last.context == edge.context, last.item == edge.item {
                // A sum beyond the largest number would be infinite, and no draw could use it.
                let sum = merged[merged.count - 1].weight + edge.weight
                merged[merged.count - 1].weight = min(sum, .greatestFiniteMagnitude)
            } else {
                merged.append(edge)
            }
        }
        return merged
    }
}

extension FileWriter {
    /// Appends one direction of `edges`, which are sorted by `row` and then by `neighbour`.
    fileprivate mutating func appendDirection(
        _ edges: [Edge],
        rowCount: Int,
        row: KeyPath<Edge, UInt32>,
        neighbour: KeyPath<Edge, UInt32>,
        isWeighted: Bool
    ) throws(FileError) {
        var offsets = [UInt64](repeating: 0, count: rowCount + 1)
        for edge in edges {
            offsets[Int(edge[keyPath: row]) + 1] += 1
        }
        for row in 0..<rowCount {
            offsets[row + 1] += offsets[row]
        }
        try append(offsets)
        try pad(to: alignment)
        try append(edges.map { $0[keyPath: neighbour] })
        try pad(to: alignment)
        if isWeighted {
            try append(edges.map(\.weight))
            try pad(to: alignment)
        }
    }
}

extension Adjacency {
    /// Whether the offsets rise from 0 to the number of neighbours, and every neighbour is one of
    /// `others` rows of the other direction.
    fileprivate func isConsistent(others: Int) -> Bool {
        guard offsets[0] == 0, offsets[rowCount] == UInt64(neighbours.count) else { return false }
        let (offsets, neighbours) = (offsets.span, neighbours.span)
        for row in 1..<offsets.count where offsets[row - 1] > offsets[row] {
            return false
        }
        for position in neighbours.indices where Int(neighbours[position]) >= others {
            return false
        }
        return true
    }
}
