import Files
import Foundation

/// The values of one array of a graph's file, in memory while they are few and then on the disk.
struct Column<Element: BitwiseCopyable>: ~Copyable {
    /// 1 MiB of four-byte values: large enough for a disk, small beside any memory bound.
    private static var pieceCount: Int { 1 << 18 }

    private var piece: [Element] = []
    private var scratch: ScratchFile
    private(set) var count = 0

    init(in folder: URL) {
        scratch = ScratchFile(in: folder)
    }

    mutating func append(_ element: Element) throws(FileError) {
        if piece.count == Self.pieceCount {
            try scratch.append(piece)
            piece.removeAll(keepingCapacity: true)
        }
        piece.append(element)
        count += 1
    }

    /// Appends `element` until there are `count`.
    mutating func fill(to count: Int, with element: Element) throws(FileError) {
        while self.count < count {
            try append(element)
        }
    }

    /// Hands out all values in order, in pieces.
    func forEachPiece(
        _ body: (Span<Element>) throws(FileError) -> Void
    ) throws(FileError) {
        if let some = piece.first, scratch.byteCount > 0 {
            // Whole pieces were written, and nothing else.
            var buffer = [Element](repeating: some, count: Self.pieceCount)
            let size = Self.pieceCount * MemoryLayout<Element>.stride
            for offset in stride(from: 0, to: scratch.byteCount, by: size) {
                try scratch.read(&buffer, at: offset)
                try body(buffer.span)
            }
        }
        try body(piece.span)
    }
}
