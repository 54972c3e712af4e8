package import Files
package import Foundation
import Kernels
import Vectors

// The file `lists`, in the form that IndexFile tells:
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

private let magic = "CORKLIST"
private let formatVersion: UInt32 = 1

extension InvertedLists {
    /// What stands for a row where a block has no vector.
    static let noRow = UInt32.max

    /// Maps the lists at `url` and checks that they fit together, so that no search can step
    /// outside.
    package init(
        contentsOf url: URL,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) {
        var file = try IndexFile(
            of: url,
            magic: magic,
            format: formatVersion,
            sizes: 4,
            in: residence
        )
        let metric = try file.values(UInt32.self, at: 48, count: 1)[0]
        let steps = try file.values(Float.self, at: 52, count: 2)
        guard metric <= 1, file.word <= 64 else { throw file.damaged }
        let (listCount, blockCount) = (file.sizes[2], file.sizes[3])
        (count, dimension) = (file.sizes[0], file.sizes[1])
        isEuclidean = metric == 1
        form = file.word == 0 ? .bytes : .parts(width: Int(file.word))
        (centroidStep, codeStep) = (steps[0], steps[1])
        let centroidGroups = CodeForm.bytes.groups(dimension: dimension)
        let codeCount = CodeBlocks.codeCount
        mean = try file.next(Float.self, dimension)
        centroids = try file.next(Float.self, listCount, dimension)
        centroidBlocks = try file.next(
            UInt8.self,
            (listCount + codeCount - 1) / codeCount,
            CodeBlocks.size(groups: centroidGroups)
        )
        let room = form == .bytes ? 0 : form.room(dimension: dimension)
        codebooks = try file.next(Float.self, room, codeCount)
        bounds = try file.next(UInt32.self, listCount + 1)
        rows = try file.next(UInt32.self, blockCount, codeCount)
        blocks = try file.next(
            UInt8.self,
            blockCount,
            CodeBlocks.size(groups: form.groups(dimension: dimension))
        )
        guard listCount > 0, dimension > 0, isConsistent(blockCount: blockCount) else {
            throw file.damaged
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
        let width: UInt32 =
            switch form {
            case .bytes: 0
            case .parts(let width): UInt32(width)
            }
        try writer.appendHead(
            magic: magic,
            format: formatVersion,
            word: width,
            sizes: [count, mean.count, centroids.rows, Int(bounds[centroids.rows])]
        )
        try writer.append([UInt32(isEuclidean ? 1 : 0)])
        try writer.append([centroidStep, codeStep])
        try writer.appendArray(mean)
        try writer.appendArray(centroids.elements)
        try writer.appendArray(centroidBlocks)
        try writer.appendArray(codebooks)
        try writer.appendArray(bounds)
        try writer.appendArray(rows)
        try writer.appendArray(blocks)
    }
}
