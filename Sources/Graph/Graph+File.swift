package import Files
package import Foundation

// The file of a graph (`graph/graph.csr`), all numbers little-endian:
//
//      0  8 B   magic "CORKGRPH"
//      8  u32   format version, 1
//     12  u32   flags: bit 0, edges carry weights; bit 1, edges carry times
//     16  u64   contexts, C
//     24  u64   items, I
//     32  u64   edges, E
//     40  u64   checksum of all bytes from 64 on
//     48  u32   the flags but bit 0 again, since the checksum does not cover the first ones
//     52  12 B  zero
//     64        contexts: (C + 1) x u64 offsets, E x u32 items, E x f32 weights if flagged,
//                         E x i64 times if flagged, the least number where an edge has none
//               items:    (I + 1) x u64 offsets, E x u32 contexts, E x f32 weights if flagged
//
// Every array starts at a multiple of 64 bytes; the gaps are zero.

/// The constants of the drawing above.
enum GraphFile {
    static let magic = Array("CORKGRPH".utf8)
    static let formatVersion: UInt32 = 1
    static let weightedFlag: UInt32 = 1
    static let timedFlag: UInt32 = 2
    static let headerSize = 64
    static let alignment = 64
}

extension Graph {
    /// Maps the graph at `url` and checks it: its header, its checksum, and that every neighbour
    /// exists, so that no walk can step outside.
    ///
    /// Take `.hugePages` for a graph that walks will read at random.
    package init(
        contentsOf url: URL,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) {
        let file = try MappedFile(at: url, in: residence)
        let magic = GraphFile.magic
        guard file.byteCount >= GraphFile.headerSize,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else {
            throw FileError(.damaged, "\(url.path) is not a graph; import the edges again")
        }
        let version = try file.array(of: UInt32.self, at: 8, count: 2)
        guard version[0] == GraphFile.formatVersion else {
            throw FileError(
                .damaged,
                "\(url.path) has graph format \(version[0]), "
                    + "this program reads \(GraphFile.formatVersion); import the edges again"
            )
        }
        let flags = version[1]
        let laterFlags = try file.array(of: UInt32.self, at: 48, count: 1)[0]
        let sizes = try file.array(of: UInt64.self, at: 16, count: 4)
        guard let contextCount = Int(exactly: sizes[0]), let itemCount = Int(exactly: sizes[1]),
            let edgeCount = Int(exactly: sizes[2]),
            max(contextCount, itemCount, edgeCount) <= file.byteCount,
            laterFlags & ~GraphFile.timedFlag == 0,
            flags & ~GraphFile.weightedFlag == laterFlags,
            Checksum(of: file.bytes.extracting(droppingFirst: GraphFile.headerSize)).value
                == sizes[3]
        else {
            throw FileError(.damaged, "\(url.path) is damaged; import the edges again")
        }
        var offset = GraphFile.headerSize
        func direction(rows: Int, others: Int, isTimed: Bool) throws(FileError) -> Adjacency {
            func next<Element>(_: Element.Type, count: Int) throws(FileError)
                -> MappedArray<Element>
            {
                let array = try file.array(of: Element.self, at: offset, count: count)
                offset +=
                    (count * MemoryLayout<Element>.stride + GraphFile.alignment - 1)
                    / GraphFile.alignment * GraphFile.alignment
                return array
            }
            let adjacency = Adjacency(
                offsets: try next(UInt64.self, count: rows + 1),
                neighbours: try next(UInt32.self, count: edgeCount),
                weights: flags & GraphFile.weightedFlag == 0
                    ? nil : try next(Float.self, count: edgeCount),
                times: isTimed ? try next(Int64.self, count: edgeCount) : nil
            )
            guard adjacency.isConsistent(others: others) else {
                throw FileError(.damaged, "\(url.path) is damaged; import the edges again")
            }
            return adjacency
        }
        checksum = Checksum(value: sizes[3])
        byteCount = file.byteCount
        contexts = try direction(
            rows: contextCount,
            others: itemCount,
            isTimed: flags & GraphFile.timedFlag != 0
        )
        items = try direction(rows: itemCount, others: contextCount, isTimed: false)
        // A walk that comes to a row must find a way on.
        guard contexts.leadsToRows(of: items), items.leadsToRows(of: contexts) else {
            throw FileError(.damaged, "\(url.path) is damaged; import the edges again")
        }
    }
}

extension Adjacency {
    /// Whether every neighbour is a row of `other` that has neighbours itself.
    fileprivate func leadsToRows(of other: Adjacency) -> Bool {
        let (neighbours, offsets) = (neighbours.span, other.offsets.span)
        for position in neighbours.indices {
            let row = Int(neighbours[position])
            guard offsets[row] < offsets[row + 1] else { return false }
        }
        return true
    }

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
