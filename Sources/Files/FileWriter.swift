package import Foundation
import Glibc

/// A new file, written in large blocks and hashed on the way.
///
/// Nothing counts as written before ``finish()`` has returned: it flushes, synchronises with the
/// disk, and tells the SHA-256 of all bytes. A writer that is dropped removes its file.
package struct FileWriter: ~Copyable {
    private static let blockSize = 1 << 20

    private let url: URL
    private let descriptor: Int32
    private var block: [UInt8] = []
    private var digest = DigestBuilder()
    private var isFinished = false
    /// How many bytes have been appended.
    package private(set) var byteCount = 0

    /// Creates or empties the file at `url`.
    package init(at url: URL) throws(FileError) {
        let descriptor = unsafe open(url.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("create", url, errno) }
        self.url = url
        self.descriptor = descriptor
        block.reserveCapacity(Self.blockSize)
    }

    deinit {
        close(descriptor)
        if !isFinished {
            _ = unsafe unlink(url.path)
        }
    }

    package mutating func append(_ bytes: RawSpan) throws(FileError) {
        byteCount += bytes.byteCount
        if bytes.byteCount >= Self.blockSize {
            try flush()
            try write(bytes)
            return
        }
        unsafe bytes.withUnsafeBytes { unsafe block.append(contentsOf: $0) }
        if block.count >= Self.blockSize {
            try flush()
        }
    }

    package mutating func append<Element: BitwiseCopyable>(
        _ elements: Span<Element>
    ) throws(FileError) {
        try unsafe append(elements.bytes)
    }

    package mutating func append<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) throws(FileError) {
        try unsafe append(elements.span.bytes)
    }

    package mutating func append(_ text: String) throws(FileError) {
        try append([UInt8](text.utf8))
    }

    /// Appends zeros up to the next multiple of `alignment`.
    package mutating func pad(to alignment: Int) throws(FileError) {
        let rest = byteCount % alignment
        if rest > 0 {
            try append([UInt8](repeating: 0, count: alignment - rest))
        }
    }

    /// Writes what is left, synchronises with the disk, and returns the digest of all bytes.
    package consuming func finish() throws(FileError) -> Digest {
        try flush()
        guard fsync(descriptor) == 0 else { throw .system("synchronise", url, errno) }
        isFinished = true
        return digest.finish()
    }

    private mutating func flush() throws(FileError) {
        var full: [UInt8] = []
        swap(&full, &block)
        try unsafe write(full.span.bytes)
        full.removeAll(keepingCapacity: true)
        swap(&full, &block)  // for its memory
    }

    /// Hashes and writes `bytes`, past the block.
    private mutating func write(_ bytes: RawSpan) throws(FileError) {
        digest.append(bytes)
        try writeAll(bytes, to: descriptor, of: url)
    }
}
