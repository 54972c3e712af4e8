import Files
import Foundation

// The file `ids`, all numbers little-endian:
//
//      0  8 B   magic "CORKIDS1"
//      8  u64   ids, n
//     16        (n + 1) x u64: where each id begins in the text, and where the last one ends
//               the text: all ids one after the other, UTF-8, in ascending order of their bytes

private let magic = Array("CORKIDS1".utf8)
private let headerSize = 16

/// The ids of a generation's rows, ascending by their UTF-8 bytes; mapped, never copied.
struct MappedIDs: Sendable {
    private let offsets: MappedArray<UInt64>
    private let text: MappedArray<UInt8>

    var count: Int { offsets.count - 1 }

    /// Maps the ids at `url` and checks that they ascend, so that no later look-up can step
    /// outside.
    init(contentsOf url: URL) throws(FileError) {
        let damaged = FileError(.damaged, "\(url.path) is damaged; build a new generation")
        let file = try MappedFile(at: url)
        guard file.byteCount >= headerSize,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic,
            let count = Int(exactly: try file.array(of: UInt64.self, at: 8, count: 1)[0]),
            count < file.byteCount / MemoryLayout<UInt64>.stride
        else { throw damaged }
        offsets = try file.array(of: UInt64.self, at: headerSize, count: count + 1)
        let start = headerSize + (count + 1) * MemoryLayout<UInt64>.stride
        text = try file.array(of: UInt8.self, at: start, count: file.byteCount - start)
        guard offsets[0] == 0, offsets[count] == UInt64(text.count) else { throw damaged }
        for row in 0..<count where offsets[row] > offsets[row + 1] {
            throw damaged
        }
        for row in 1..<max(1, count) where !bytes(row - 1).precedes(bytes(row)) {
            throw damaged
        }
    }

    /// Writes `ids`, which ascend by their UTF-8 bytes.
    static func write(_ ids: [String], to writer: inout FileWriter) throws(FileError) {
        try writer.append(magic)
        try writer.append([UInt64(ids.count)])
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(ids.count + 1)
        for id in ids {
            offsets.append(offsets[offsets.count - 1] + UInt64(id.utf8.count))
        }
        try writer.append(offsets)
        for id in ids {
            try writer.append(id)
        }
    }

    subscript(row: Int) -> String {
        let bytes = bytes(row)
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The row of `id`, or nil.
    ///
    /// - Complexity: O(log count) comparisons.
    func row(of id: String) -> Int? {
        let wanted = Array(id.utf8)
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if bytes(middle).precedes(wanted.span) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < count, !wanted.span.precedes(bytes(low)) else { return nil }
        return low
    }

    /// How many bytes of UTF-8 the id of `row` has.
    func length(_ row: Int) -> Int {
        Int(offsets[row + 1] - offsets[row])
    }

    /// Appends the UTF-8 of the id of `row`.
    func append(_ row: Int, to text: inout OutputSpan<UInt8>) {
        let bytes = bytes(row)
        for index in bytes.indices {
            text.append(bytes[index])
        }
    }

    @_lifetime(borrow self)
    private func bytes(_ row: Int) -> Span<UInt8> {
        text.span.extracting(Int(offsets[row])..<Int(offsets[row + 1]))
    }
}

extension Span<UInt8> {
    /// Whether these bytes come before `other` in lexicographic order.
    fileprivate func precedes(_ other: Span<UInt8>) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}
