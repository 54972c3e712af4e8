import Files
import Foundation

/// One direction of a graph on its way into the file: sorted records go in, arrays come out.
struct AdjacencyColumns: ~Copyable {
    private let rowCount: Int
    private let otherCount: Int
    /// How many records each row has; the offsets, once these are summed.
    private var offsets: [UInt64]
    private var neighbours: Column<UInt32>
    /// Empty until a weight is not 1.
    private var weights: Column<Float>
    /// Empty until a time is known.
    private var times: Column<Int64>

    /// A direction of `rowCount` rows whose neighbours are below `otherCount`.
    init(rowCount: Int, otherCount: Int, folder: URL) {
        self.rowCount = rowCount
        self.otherCount = otherCount
        offsets = [UInt64](repeating: 0, count: rowCount + 1)
        neighbours = Column(in: folder)
        weights = Column(in: folder)
        times = Column(in: folder)
    }

    var count: Int { neighbours.count }
    var isWeighted: Bool { weights.count > 0 }
    var isTimed: Bool { times.count > 0 }

    /// Appends a record, which must come after all others by its key.
    mutating func append(_ record: EdgeRecord) throws(FileError) {
        precondition(
            record.row < rowCount && Int(record.neighbour) < otherCount,
            "every edge must join a context and an item that exist"
        )
        if isWeighted || record.weight != 1 {
            try weights.fill(to: count, with: 1)
            try weights.append(record.weight)
        }
        if isTimed || record.time != Edge.noTime {
            try times.fill(to: count, with: Edge.noTime)
            try times.append(record.time)
        }
        offsets[record.row + 1] += 1
        try neighbours.append(record.neighbour)
    }

    /// Turns the rows' sizes into offsets, after the last record.
    mutating func finish() {
        for row in 0..<rowCount {
            offsets[row + 1] += offsets[row]
        }
    }

    /// Hands out all bytes of the direction as they lie in the file.
    func forEachPiece(_ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
        try unsafe body(offsets.span.bytes)
        try pad(offsets.count * MemoryLayout<UInt64>.stride, body)
        try neighbours.forEachPiece { (piece) throws(FileError) in try unsafe body(piece.bytes) }
        try pad(neighbours.count * MemoryLayout<UInt32>.stride, body)
        try weights.forEachPiece { (piece) throws(FileError) in try unsafe body(piece.bytes) }
        try pad(weights.count * MemoryLayout<Float>.stride, body)
        try times.forEachPiece { (piece) throws(FileError) in try unsafe body(piece.bytes) }
        try pad(times.count * MemoryLayout<Int64>.stride, body)
    }

    /// Hands out the zeros between an array of `size` bytes and the next one.
    private func pad(
        _ size: Int,
        _ body: (RawSpan) throws(FileError) -> Void
    ) throws(FileError) {
        let rest = (GraphFile.alignment - size % GraphFile.alignment) % GraphFile.alignment
        let zeros = [UInt8](repeating: 0, count: rest)
        try unsafe body(zeros.span.bytes)
    }
}
