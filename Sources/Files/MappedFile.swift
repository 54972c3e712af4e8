package import Foundation

/// A whole file, mapped read-only for as long as this object lives.
///
/// In the page cache two processes that map one file share one copy, and nothing is read before it
/// is touched. A file must not be truncated while it is mapped (SIGBUS); Corkboard's files are
/// replaced by rename, never shortened.
@safe
package final class MappedFile: Sendable {
    /// Where the bytes of a file lie while it is mapped.
    package enum Residence: Sendable {
        /// In the kernel's cache of the file.
        case pageCache
        /// In memory of their own, in pages of 2 MiB, for files that are read at random; where that
        /// would take more than a quarter of the machine's memory, in the page cache.
        case hugePages
    }

    package let url: URL
    /// Immutable after `init` and unmapped only in `deinit`, hence safe to share between threads.
    private nonisolated(unsafe) let region: UnsafeRawBufferPointer

    package convenience init(
        at url: URL,
        in residence: Residence = .pageCache
    ) throws(FileError) {
        let descriptor = unsafe open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("open", url, errno) }
        defer { close(descriptor) }
        try self.init(descriptor, of: url, in: residence)
    }

    /// Maps the file that `descriptor` is open on, which may be closed afterwards; errors call it
    /// `url`.
    init(
        _ descriptor: Int32,
        of url: URL,
        in residence: Residence = .pageCache
    ) throws(FileError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("stat", url, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.inaccessible, "\(url.path) is not a regular file")
        }
        self.url = url
        let count = Int(status.st_size)
        guard count > 0 else {  // mmap refuses an empty range
            unsafe region = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        if residence == .hugePages, let room = unsafe HugePages.map(count) {
            // Assigned first, so that a failed read unmaps it.
            unsafe region = UnsafeRawBufferPointer(room)
            try unsafe readAll(room, of: descriptor, at: 0) { .system("read", url, $0) }
            return
        }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .system("map", url, errno)
        }
        unsafe region = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        guard let address = unsafe region.baseAddress else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: address), region.count)
    }

    package var byteCount: Int { unsafe region.count }

    /// The bytes of the file, borrowed for as long as the mapping lives.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeBytes: region)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Reads all of it, and fills this process's page tables, so that whoever reads a page next need
    /// not wait for the kernel.
    ///
    /// A kernel before Linux 5.14 does nothing.
    package func warm() {
        // MADV_POPULATE_READ of the kernel's mman.h, which Swift does not see.
        guard let address = unsafe region.baseAddress else { return }
        unsafe madvise(UnsafeMutableRawPointer(mutating: address), region.count, 22)
    }

    /// The `count` values of type `Element` that start at byte `offset`.
    ///
    /// - Throws: ``FileError`` where the file is too short, or `offset` breaks the alignment.
    package func array<Element: BitwiseCopyable>(
        of _: Element.Type,
        at offset: Int,
        count: Int
    ) throws(FileError) -> MappedArray<Element> {
        let (size, tooLarge) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard offset >= 0, count >= 0, !tooLarge, offset <= byteCount, size <= byteCount - offset
        else {
            throw FileError(
                .damaged,
                "\(url.path) has \(byteCount) bytes, too few for \(count) values at byte \(offset)"
            )
        }
        guard offset.isMultiple(of: MemoryLayout<Element>.alignment) else {
            throw FileError(.damaged, "\(url.path) has misaligned values at byte \(offset)")
        }
        let part = unsafe UnsafeRawBufferPointer(rebasing: region[offset..<offset + size])
        return unsafe MappedArray(file: self, elements: part.bindMemory(to: Element.self))
    }
}

/// A typed, bounds-checked view of a part of a mapped file; it keeps the mapping alive.
@safe
package struct MappedArray<Element: BitwiseCopyable & Sendable>: Sendable {
    private let file: MappedFile
    /// Points into `file`'s mapping, which is immutable and outlives this value.
    private nonisolated(unsafe) let mapped: UnsafeBufferPointer<Element>

    fileprivate init(file: MappedFile, elements: UnsafeBufferPointer<Element>) {
        self.file = file
        unsafe mapped = unsafe elements
    }

    package var count: Int { unsafe mapped.count }

    package subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count, "an index must lie in the mapped array")
            return unsafe mapped[index]
        }
    }

    /// Reads the whole file that this is a part of, see ``MappedFile/warm()``.
    package func warm() {
        file.warm()
    }

    /// A copy of all elements.
    package var elements: [Element] {
        unsafe Array(mapped)
    }

    /// A copy of some elements.
    package func elements(_ range: Range<Int>) -> [Element] {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "a range must lie in the mapped array"
        )
        return unsafe Array(mapped[range])
    }

    /// All elements, borrowed for as long as this value lives.
    package var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeElements: mapped)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}
