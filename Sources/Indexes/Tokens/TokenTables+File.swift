package import Files
package import Foundation
import Vectors

// The file `tokens`, in the form that IndexFile tells:
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

private let magic = "CORKTOKN"
private let formatVersion: UInt32 = 1

extension TokenTables {
    /// More bits would make more lists than there are rows in any catalogue.
    package static let bitRange = 1...24
    /// Tokens that are shared are counted in a byte.
    package static let tableRange = 1...255

    /// Maps the tables at `url` and checks that each holds every row once, so that no search can
    /// step outside or count beyond a byte.
    package init(contentsOf url: URL) throws(FileError) {
        var file = try IndexFile(of: url, magic: magic, format: formatVersion, sizes: 3)
        guard file.sizes.allSatisfy({ $0 >= 1 }), Self.bitRange.contains(Int(file.word)),
            Self.tableRange.contains(file.sizes[2])
        else { throw file.damaged }
        bits = Int(file.word)
        (count, dimension, tableCount) = (file.sizes[0], file.sizes[1], file.sizes[2])
        mean = try file.next(Float.self, dimension)
        hyperplanes = try file.next(Float.self, tableCount, bits, dimension)
        bounds = try file.next(UInt32.self, tableCount, (1 << bits) + 1)
        rows = try file.next(UInt32.self, tableCount, count)
        guard isConsistent else { throw file.damaged }
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
        try writer.appendHead(
            magic: magic,
            format: formatVersion,
            word: UInt32(bits),
            sizes: [count, mean.count, tables.count]
        )
        try writer.appendArray(mean)
        try writer.appendArray(hyperplanes.elements)
        try writer.appendArray(tables.flatMap(\.bounds))
        try writer.appendArray(tables.flatMap(\.rows))
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
