package import Foundation
import Glibc

/// A file without a name, for what does not fit into memory.
///
/// It is made by the first bytes that are appended, and the system frees its room when this value
/// goes away, however the process ends. Nothing is synchronised: what is in it does not last.
///
/// ```swift
/// var scratch = ScratchFile(in: folder)
/// try scratch.append(numbers)
/// try scratch.read(&numbers, at: 0)
/// let all: MappedArray<Float> = try scratch.mapped()
/// ```
package struct ScratchFile: ~Copyable {
    private let folder: URL
    /// Below zero until there are bytes.
    private var descriptor: Int32 = -1
    package private(set) var byteCount = 0

    /// A file on the disk of `folder`, which must be there when bytes are appended.
    package init(in folder: URL) {
        self.folder = folder
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
        }
    }

    /// Writes `elements` behind what is there, at once: give it many.
    package mutating func append<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) throws(FileError) {
        if descriptor < 0 {
            descriptor = try Self.open(in: folder)
        }
        let bytes = unsafe elements.span.bytes
        try writeAll(bytes, to: descriptor, of: folder, action: "write a scratch file in")
        byteCount += bytes.byteCount
    }

    /// Fills `elements` with what was appended from byte `offset` on.
    ///
    /// All of it must be there.
    package func read<Element: BitwiseCopyable>(
        _ elements: inout [Element],
        at offset: Int
    ) throws(FileError) {
        let size = elements.count * MemoryLayout<Element>.stride
        precondition(
            offset >= 0 && offset <= byteCount && size <= byteCount - offset,
            "only what was appended can be read"
        )
        let (descriptor, folder) = (descriptor, folder)
        var span = elements.mutableSpan
        try unsafe span.withUnsafeMutableBytes { (bytes) throws(FileError) in
            try unsafe readAll(bytes, of: descriptor, at: offset) {
                .system("read a scratch file in", folder, $0)
            }
        }
    }

    /// All that was appended, mapped: the end of writing.
    ///
    /// The room on the disk is freed with the mapping.
    package consuming func mapped<Element: BitwiseCopyable & Sendable>(
        as _: Element.Type = Element.self
    ) throws(FileError) -> MappedArray<Element> {
        if descriptor < 0 {
            descriptor = try Self.open(in: folder)
        }
        let file = try MappedFile(descriptor, of: folder)
        return try file.array(
            of: Element.self,
            at: 0,
            count: byteCount / MemoryLayout<Element>.stride
        )
    }

    /// Opens a new file and takes its name away.
    private static func open(in folder: URL) throws(FileError) -> Int32 {
        var path = Array(folder.appendingPathComponent(".scratch.XXXXXX").path.utf8CString)
        let descriptor = unsafe path.withUnsafeMutableBufferPointer { path in
            guard let start = path.baseAddress else { return Int32(-1) }
            let descriptor = unsafe mkstemp(start)
            if descriptor >= 0 {
                _ = unsafe unlink(start)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            return descriptor
        }
        guard descriptor >= 0 else { throw .system("make a scratch file in", folder, errno) }
        return descriptor
    }
}
