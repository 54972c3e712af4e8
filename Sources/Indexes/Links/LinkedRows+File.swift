package import Faiss
package import Files
package import Foundation

// The file `links`, in the form that IndexFile tells:
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

private let magic = "CORKLINK"
private let formatVersion: UInt32 = 1

extension LinkedRows {
    /// What stands for a row where there is no further link.
    static let noRow = UInt32.max

    /// Maps the links at `url` and checks that every link leads to a row of its level, so that no
    /// search can step outside.
    package init(contentsOf url: URL) throws(FileError) {
        var file = try IndexFile(of: url, magic: magic, format: formatVersion, sizes: 3)
        guard 2...256 ~= file.word else { throw file.damaged }
        degree = Int(file.word)
        (count, entry) = (file.sizes[0], file.sizes[2])
        let listCount = file.sizes[1]
        lower = try file.next(UInt32.self, count, 2 * degree)
        bounds = try file.next(UInt32.self, count + 1)
        upper = try file.next(UInt32.self, listCount, degree)
        guard entry < count, isConsistent(listCount: listCount) else {
            throw file.damaged
        }
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
        try writer.appendHead(
            magic: magic,
            format: formatVersion,
            word: UInt32(degree),
            sizes: [levels.count, upper.count / degree, entry]
        )
        for words in [lower, bounds, upper] {
            try writer.appendArray(words)
        }
    }
}
