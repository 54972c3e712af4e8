package import Files
package import Foundation
import Kernels
import Vectors

// The file `lists`, all numbers little-endian; every array starts at a multiple of 64 bytes, the
// gaps are zero:
//
//      0  8 B   magic "CORKLIST"
//      8  u32   format, 1
//     12  u32   dimensions of a part of a code; 0 where a code has a byte for each dimension
//     16  u64   vectors, n
//     24  u64   dimension, d
//     32  u64   lists, L
//     40  u64   blocks of all lists, B
//     48  u32   1 where distances are Euclidean, 0 for inner products
//     52  f32   a step of the centroids' bytes
//     56  f32   a step of the codes' bytes; 0 where codes have parts
//     60  4 B   zero
//     64        mean: d x f32
//               centroids: L x d x f32
//               the centroids less the mean, as blocks of codes of bytes: ceil(L / 16) blocks
//               codebooks: parts x width x 16 x f32, unless codes are of bytes
//               bounds: (L + 1) x u32, the first block of each list, and B
//               rows: 16 B x u32, 2^32 - 1 where there is no vector
//               blocks of codes: B of them
//
// CKernelsLists.h draws a block.

private let magic = Array("CORKLIST".utf8)
private let formatVersion: UInt32 = 1
private let alignment = 64

extension InvertedLists {
    /// What stands for a row where a block has no vector.
    static let noRow = UInt32.max

    /// Maps the lists at `url` and checks that they fit together, so that no search can step
    /// outside.
    package init(
        contentsOf url: URL,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) {
        let file = try MappedFile(at: url, in: residence)
        let damaged = FileError(.damaged, "\(url.path) is damaged; build a new generation")
        guard file.byteCount >= alignment,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else { throw damaged }
        let words = try file.array(of: UInt32.self, at: 8, count: 2)
        let sizes = try file.array(of: UInt64.self, at: 16, count: 4)
        let metric = try file.array(of: UInt32.self, at: 48, count: 1)[0]
        let steps = try file.array(of: Float.self, at: 52, count: 2)
        guard words[0] == formatVersion, metric <= 1, words[1] <= 64,
            sizes.elements.allSatisfy({ $0 <= UInt64(file.byteCount) })
        else { throw damaged }
        let (listCount, blockCount) = (Int(sizes[2]), Int(sizes[3]))
        count = Int(sizes[0])
        dimension = Int(sizes[1])
        isEuclidean = metric == 1
        form = words[1] == 0 ? .bytes : .parts(width: Int(words[1]))
        (centroidStep, codeStep) = (steps[0], steps[1])
        let groups = form.groups(dimension: dimension)
        let centroidGroups = CodeForm.bytes.groups(dimension: dimension)

        var offset = alignment
        func next<Element>(_: Element.Type, _ factors: Int...) throws(FileError)
            -> MappedArray<Element>
        {
            var count = 1
            for factor in factors {
                let (product, isTooMany) = count.multipliedReportingOverflow(by: factor)
                guard !isTooMany, product <= file.byteCount else { throw damaged }
                count = product
            }
            let array = try file.array(of: Element.self, at: offset, count: count)
            let end = offset + count * MemoryLayout<Element>.stride
            offset = (end + alignment - 1) / alignment * alignment
            return array
        }
        let codeCount = CodeBlocks.codeCount
        mean = try next(Float.self, dimension)
        centroids = try next(Float.self, listCount, dimension)
        centroidBlocks = try next(
            UInt8.self,
            (listCount + codeCount - 1) / codeCount,
            CodeBlocks.size(groups: centroidGroups)
        )
        let isBytes = form == .bytes
        codebooks = try next(Float.self, isBytes ? 0 : form.room(dimension: dimension), codeCount)
        bounds = try next(UInt32.self, listCount + 1)
        rows = try next(UInt32.self, blockCount, codeCount)
        blocks = try next(UInt8.self, blockCount, CodeBlocks.size(groups: groups))
        guard listCount > 0, dimension > 0, isConsistent(blockCount: blockCount) else {
            throw damaged
        }
    }

    private func isConsistent(blockCount: Int) -> Bool {
        let (bounds, rows) = (bounds.span, rows.span)
        guard bounds[0] == 0, bounds[listCount] == blockCount, rows.count <= Int(UInt32.max),
            centroidStep.isFinite, codeStep.isFinite, mean.isFinite, centroids.isFinite,
            codebooks.isFinite
        else { return false }
        for list in 0..<listCount where bounds[list] > bounds[list + 1] { return false }
        var known = RowSet(capacity: count)
        for position in rows.indices {
            let row = rows[position]
            if row == Self.noRow {
                guard blocks.offset(position, groups: groups) == .infinity else { return false }
            } else {
                guard row < count, !known.contains(Int(row)) else { return false }
                known.insert(Int(row))
            }
        }
        let centroidCount = centroidBlocks.count / CodeBlocks.size(groups: centroidGroups)
        for position in listCount..<centroidCount * CodeBlocks.codeCount {
            guard centroidBlocks.offset(position, groups: centroidGroups) == .infinity else {
                return false
            }
        }
        return known.count == count
    }
}

extension MappedArray<Float> {
    fileprivate var isFinite: Bool {
        let values = span
        for index in values.indices where !values[index].isFinite { return false }
        return true
    }
}

extension MappedArray<UInt8> {
    /// The offset of the code at `position` of blocks.
    fileprivate func offset(_ position: Int, groups: Int) -> Float {
        let start =
            position / CodeBlocks.codeCount * CodeBlocks.size(groups: groups)
            + position % CodeBlocks.codeCount * 4
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(self[start + $1]) << UInt32(8 * $1) }
        return Float(bitPattern: bits)
    }
}

/// The parts of the file, in memory.
struct InvertedListsDraft {
    var form: CodeForm
    var count: Int
    var isEuclidean: Bool
    var mean: [Float]
    var centroids: Matrix
    var centroidBlocks: [UInt8]
    var centroidStep: Float
    var codebooks: [Float]
    var codeStep: Float
    var bounds: [UInt32]
    var rows: [UInt32]
    var blocks: [UInt8]

    func write(to writer: inout FileWriter) throws(FileError) {
        try writer.append(magic)
        let width: UInt32 =
            switch form {
            case .bytes: 0
            case .parts(let width): UInt32(width)
            }
        try writer.append([formatVersion, width])
        let sizes = [count, mean.count, centroids.rows, Int(bounds[centroids.rows])]
        try writer.append(sizes.map(UInt64.init))
        try writer.append([UInt32(isEuclidean ? 1 : 0)])
        try writer.append([centroidStep, codeStep])
        try writer.pad(to: alignment)
        for floats in [mean, centroids.elements] {
            try writer.append(floats)
            try writer.pad(to: alignment)
        }
        try writer.append(centroidBlocks)
        try writer.append(codebooks)
        try writer.pad(to: alignment)
        for words in [bounds, rows] {
            try writer.append(words)
            try writer.pad(to: alignment)
        }
        try writer.append(blocks)
    }
}
