package import Faiss
package import Files
package import Foundation

// The file `links`, all numbers little-endian; every array starts at a multiple of 64 bytes, the
// gaps are zero:
//
//      0  8 B   magic "CORKLINK"
//      8  u32   format, 1
//     12  u32   degree, m
//     16  u64   rows, n
//     24  u64   lists of upper levels, u
//     32  u64   the row where searches begin
//     40  24 B  zero
//     64        lower: n x 2m x u32, the rows that each links to; 2^32 - 1 after the last
//               bounds: (n + 1) x u32, how many upper lists the rows before have, and u
//               upper: u x m x u32, row after row, each from its lowest upper level

private let magic = Array("CORKLINK".utf8)
private let formatVersion: UInt32 = 1
private let alignment = 64

extension LinkedRows {
    /// What stands for a row where there is no further link.
    static let noRow = UInt32.max

    /// Maps the links at `url` and checks that every link leads to a row of its level, so that no
    /// search can step outside.
    package init(contentsOf url: URL) throws(FileError) {
        let file = try MappedFile(at: url)
        let damaged = FileError(.damaged, "\(url.path) is damaged; build a new generation")
        guard file.byteCount >= alignment, file.byteCount < 1 << 40,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else { throw damaged }
        let words = try file.array(of: UInt32.self, at: 8, count: 2)
        let sizes = try file.array(of: UInt64.self, at: 16, count: 3)
        // No product below can overflow: links are few, and rows and lists below 2^40.
        guard words[0] == formatVersion, 2...256 ~= words[1],
            sizes.elements.allSatisfy({ $0 <= UInt64(file.byteCount) })
        else { throw damaged }
        degree = Int(words[1])
        (count, entry) = (Int(sizes[0]), Int(sizes[2]))
        let listCount = Int(sizes[1])
        var offset = alignment
        func next(_ count: Int) throws(FileError) -> MappedArray<UInt32> {
            let array = try file.array(of: UInt32.self, at: offset, count: count)
            offset = (offset + 4 * count + alignment - 1) / alignment * alignment
            return array
        }
        lower = try next(count * 2 * degree)
        bounds = try next(count + 1)
        upper = try next(listCount * degree)
        guard entry < count, isConsistent(listCount: listCount) else { throw damaged }
    }

    private func isConsistent(listCount: Int) -> Bool {
        let (lower, bounds, upper) = (lower.span, bounds.span, upper.span)
        guard bounds[0] == 0, bounds[count] == listCount else { return false }
        for row in 0..<count where bounds[row] > bounds[row + 1] { return false }
        for place in lower.indices where lower[place] != Self.noRow && lower[place] >= count {
            return false
        }
        for row in 0..<count {
            for level in 0..<upperLevels(row) {
                let first = (Int(bounds[row]) + level) * degree
                for place in first..<first + degree where upper[place] != Self.noRow {
                    guard upper[place] < count, upperLevels(Int(upper[place])) > level else {
                        return false
                    }
                }
            }
        }
        return true
    }
}

extension RowLinks {
    /// Writes the file of these links.
    package func write(to writer: inout FileWriter) throws(FileError) {
        var (lower, upper, bounds): ([UInt32], [UInt32], [UInt32]) = ([], [], [0])
        lower.reserveCapacity(levels.count * 2 * degree)
        var next = 0
        for level in levels {
            let (end, last) = (next + 2 * degree, next + (Int(level) + 1) * degree)
            // -1 becomes 2^32 - 1.
            lower += neighbours[next..<end].lazy.map { UInt32(bitPattern: $0) }
            upper += neighbours[end..<last].lazy.map { UInt32(bitPattern: $0) }
            bounds.append(bounds[bounds.count - 1] + UInt32(level) - 1)
            next = last
        }
        try writer.append(magic)
        try writer.append([formatVersion, UInt32(degree)])
        try writer.append([levels.count, upper.count / degree, entry].map(UInt64.init))
        for words in [lower, bounds, upper] {
            try writer.pad(to: alignment)
            try writer.append(words)
        }
    }
}
