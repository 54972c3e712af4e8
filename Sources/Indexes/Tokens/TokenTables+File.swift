package import Files
package import Foundation
import Vectors

// The file `tokens`, all numbers little-endian; every array starts at a multiple of 64 bytes, the
// gaps are zero:
//
//      0  8 B   magic "CORKTOKN"
//      8  u32   format, 1
//     12  u32   bits of a token, b
//     16  u64   vectors, n
//     24  u64   dimension, d
//     32  u64   tables, t
//     40  24 B  zero
//     64        mean: d x f32
//               hyperplanes: t x b x d x f32; hyperplane i of a table makes bit i of its tokens
//               bounds: t x (2^b + 1) x u32, where each list begins in its table, and n
//               rows: t x n x u32, list after list, each ascending

private let magic = Array("CORKTOKN".utf8)
private let formatVersion: UInt32 = 1
private let alignment = 64

extension TokenTables {
    /// More bits would make more lists than there are rows in any catalogue.
    package static let bitRange = 1...24
    /// Tokens that are shared are counted in a byte.
    package static let tableRange = 1...255

    /// Maps the tables at `url` and checks that each holds every row once, so that no search can
    /// step outside or count beyond a byte.
    package init(contentsOf url: URL) throws(FileError) {
        let file = try MappedFile(at: url)
        let damaged = FileError(.damaged, "\(url.path) is damaged; build a new generation")
        guard file.byteCount >= alignment,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else { throw damaged }
        let words = try file.array(of: UInt32.self, at: 8, count: 2)
        let sizes = try file.array(of: UInt64.self, at: 16, count: 3)
        guard words[0] == formatVersion, Self.bitRange.contains(Int(words[1])),
            sizes.elements.allSatisfy({ 1...UInt64(file.byteCount) ~= $0 }),
            Self.tableRange.contains(Int(sizes[2]))
        else { throw damaged }
        bits = Int(words[1])
        (count, dimension, tableCount) = (Int(sizes[0]), Int(sizes[1]), Int(sizes[2]))

        // No product below can overflow: bits, tables and lists are few, and n and d below 2^40.
        guard file.byteCount < 1 << 40 else { throw damaged }
        var offset = alignment
        func next<Element>(_: Element.Type, _ count: Int) throws(FileError) -> MappedArray<Element>
        {
            let array = try file.array(of: Element.self, at: offset, count: count)
            let end = offset + count * MemoryLayout<Element>.stride
            offset = (end + alignment - 1) / alignment * alignment
            return array
        }
        mean = try next(Float.self, dimension)
        hyperplanes = try next(Float.self, tableCount * bits * dimension)
        bounds = try next(UInt32.self, tableCount * ((1 << bits) + 1))
        rows = try next(UInt32.self, tableCount * count)
        guard isConsistent else { throw damaged }
    }

    private var isConsistent: Bool {
        let (bounds, rows) = (bounds.span, rows.span)
        let boundCount = (1 << bits) + 1
        // The last table that held each row.
        var holder = [UInt8](repeating: 0, count: count)
        for table in 0..<tableCount {
            let first = table * boundCount
            guard bounds[first] == 0, bounds[first + boundCount - 1] == count else { return false }
            for place in first..<first + boundCount - 1 where bounds[place] > bounds[place + 1] {
                return false
            }
            let mark = UInt8(table + 1)
            for place in table * count..<(table + 1) * count {
                let row = Int(rows[place])
                guard row < count, holder[row] != mark else { return false }
                holder[row] = mark
            }
        }
        return true
    }
}

/// Tables of tokens that were built, to be written to a file.
package struct TokenTablesFile: Sendable {
    let bits: Int
    let count: Int
    let mean: [Float]
    let hyperplanes: Matrix
    let tables: [TokenLists]

    package func write(to writer: inout FileWriter) throws(FileError) {
        try writer.append(magic)
        try writer.append([formatVersion, UInt32(bits)])
        try writer.append([count, mean.count, tables.count].map(UInt64.init))
        try writer.pad(to: alignment)
        for floats in [mean, hyperplanes.elements] {
            try writer.append(floats)
            try writer.pad(to: alignment)
        }
        for table in tables {
            try writer.append(table.bounds)
        }
        try writer.pad(to: alignment)
        for table in tables {
            try writer.append(table.rows)
        }
    }
}

/// The lists of one table.
struct TokenLists: Sendable {
    /// (2^bits + 1).
    var bounds: [UInt32]
    /// (count).
    var rows: [UInt32]

    /// Collects the rows of each of `tokens` (count), which are below 2^bits, by counting.
    init(_ tokens: [UInt32], bits: Int) {
        bounds = [UInt32](repeating: 0, count: (1 << bits) + 1)
        rows = [UInt32](repeating: 0, count: tokens.count)
        for token in tokens {
            bounds[Int(token) + 1] += 1
        }
        for place in 1..<bounds.count {
            bounds[place] += bounds[place - 1]
        }
        var next = bounds
        for (row, token) in tokens.enumerated() {
            rows[Int(next[Int(token)])] = UInt32(row)
            next[Int(token)] += 1
        }
    }
}
