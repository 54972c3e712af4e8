import Files
import Foundation

// The form that the files of all indexes share, all numbers little-endian:
//
//      0  8 B   magic
//      8  u32   format
//     12  u32   a number of the index's own
//     16        sizes, u64 each, and what else there is to tell; the rest is zero
//     64        arrays, each at a multiple of 64 bytes; the gaps are zero

/// A mapped file of an index, read array by array.
///
/// ```swift
/// var file = try IndexFile(of: url, magic: "CORKLINK", format: 1, sizes: 3)
/// let bounds = try file.next(UInt32.self, file.sizes[0] + 1)
/// ```
struct IndexFile {
    private static let headSize = alignment

    /// What is thrown where the file cannot be what it should be.
    let damaged: FileError
    /// The number of the index's own.
    let word: UInt32
    /// None is larger than the file.
    let sizes: [Int]
    private let file: MappedFile
    private var offset = headSize

    /// Maps the file at `url` and reads its head, with so many sizes.
    init(
        of url: URL,
        magic: String,
        format: UInt32,
        sizes sizeCount: Int,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) {
        file = try MappedFile(at: url, in: residence)
        damaged = FileError(.damaged, "\(url.path) is damaged; build a new generation")
        let magic = Array(magic.utf8)
        guard file.byteCount >= Self.headSize,
            try file.array(of: UInt8.self, at: 0, count: magic.count).elements == magic
        else { throw damaged }
        let words = try file.array(of: UInt32.self, at: 8, count: 2)
        let sizes = try file.array(of: UInt64.self, at: 16, count: sizeCount).elements
        let byteCount = UInt64(file.byteCount)
        guard words[0] == format, sizes.allSatisfy({ $0 <= byteCount }) else { throw damaged }
        word = words[1]
        self.sizes = sizes.map { Int($0) }
    }

    /// The `count` values at byte `offset` of the head.
    func values<Element: BitwiseCopyable & Sendable>(
        _: Element.Type,
        at offset: Int,
        count: Int
    ) throws(FileError) -> [Element] {
        try file.array(of: Element.self, at: offset, count: count).elements
    }

    /// The next array: as many elements as the product of `factors`, which may be as large as the
    /// file tells.
    mutating func next<Element: BitwiseCopyable & Sendable>(
        _: Element.Type,
        _ factors: Int...
    ) throws(FileError) -> MappedArray<Element> {
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
}

private let alignment = 64

extension FileWriter {
    /// Writes the head of an index's file, but for what else it tells.
    mutating func appendHead(
        magic: String,
        format: UInt32,
        word: UInt32,
        sizes: [Int]
    ) throws(FileError) {
        try append(magic)
        try append([format, word])
        try append(sizes.map { UInt64($0) })
    }

    /// Writes one array, after what fills the file up to where it begins.
    mutating func appendArray<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) throws(FileError) {
        try pad(to: alignment)
        try append(elements)
    }
}
