import CKernels

/// How the sums of a scan become scores: base + step * sum - the code's offset.
package struct ScanScale: Sendable {
    package var base: Float
    package var step: Float

    package init(base: Float, step: Float) {
        self.base = base
        self.step = step
    }
}

/// A run of blocks of codes, as CKernelsLists.h draws them.
package struct CodeBlocks: ~Escapable {
    /// What a block has for each group of parts or bytes, and before them for its offsets.
    package static let groupSize = 64
    /// The codes of a block.
    package static let codeCount = 16

    fileprivate let bytes: Span<UInt8>
    fileprivate let groups: Int
    fileprivate let firstPosition: Int
    fileprivate let next: Int

    /// The blocks `range` of `bytes`, whose first code is at position 16 * range.lowerBound.
    ///
    /// The block `next` is the one that will be scanned after them, or any.
    @_lifetime(copy bytes)
    package init(_ range: Range<Int>, of bytes: Span<UInt8>, groups: Int, next: Int) {
        let size = Self.size(groups: groups)
        self.bytes = bytes.extracting(range.lowerBound * size..<range.upperBound * size)
        self.groups = groups
        firstPosition = range.lowerBound * Self.codeCount
        self.next = (next - range.lowerBound) * size
    }

    /// The bytes of a block.
    package static func size(groups: Int) -> Int { (1 + groups) * groupSize }
}

// MARK: - Queries

extension KernelSet {
    /// Writes the inner products of `query` (parts * width) with all rows of `codebooks`
    /// (parts, width, 16) as `tables` (parts, 16) of bytes, and says how sums of them become
    /// products.
    package func makeTables(
        _ query: Span<Float>,
        codebooks: Span<Float>,
        width: Int,
        into tables: inout MutableSpan<UInt8>
    ) -> ScanScale {
        precondition(
            query.count * CodeBlocks.codeCount == codebooks.count
                && tables.count * width == codebooks.count,
            "a table has a row for each of its codebook"
        )
        let scale = unsafe query.withUnsafeBufferPointer { query in
            unsafe codebooks.withUnsafeBufferPointer { codebooks in
                unsafe tables.withUnsafeMutableBufferPointer { tables in
                    guard let query = query.baseAddress, let codebooks = codebooks.baseAddress,
                        let out = tables.baseAddress
                    else { return CKernelsScale(base: 0, step: 0) }
                    return unsafe table.pointee.lists.make_tables(
                        query,
                        codebooks,
                        tables.count / CodeBlocks.codeCount,
                        width,
                        out
                    )
                }
            }
        }
        return ScanScale(base: scale.base, step: scale.step)
    }

    /// Writes for each part of `vector` (parts * width) the row of its codebook nearest to it.
    ///
    /// Shapes: `codebooks` (parts, width, 16), `code` (parts).
    package func encode(
        _ vector: Span<Float>,
        codebooks: Span<Float>,
        width: Int,
        into code: inout MutableSpan<UInt8>
    ) {
        precondition(
            vector.count == code.count * width
                && codebooks.count == vector.count * CodeBlocks.codeCount,
            "a code has a row for each codebook"
        )
        unsafe vector.withUnsafeBufferPointer { vector in
            unsafe codebooks.withUnsafeBufferPointer { codebooks in
                unsafe code.withUnsafeMutableBufferPointer { code in
                    guard let vector = vector.baseAddress, let codebooks = codebooks.baseAddress,
                        let out = code.baseAddress
                    else { return }
                    unsafe table.pointee.lists.encode(vector, codebooks, code.count, width, out)
                }
            }
        }
    }
}

// MARK: - Scans

extension KernelSet {
    /// Adds to `shortlist` the codes of 4-bit parts in `blocks` whose scores are above its
    /// threshold, by `tables` (8 * groups, 16).
    package func scan(
        _ blocks: CodeBlocks,
        tables: Span<UInt8>,
        scale: ScanScale,
        into shortlist: inout Shortlist
    ) {
        precondition(
            tables.count == blocks.groups * 8 * CodeBlocks.codeCount,
            "each part of a code has a table"
        )
        unsafe tables.withUnsafeBufferPointer { tables in
            unsafe scan(blocks, into: &shortlist) { list, found in
                guard let tables = tables.baseAddress else { return }
                unsafe table.pointee.lists.scan_codes(list, tables, CKernelsScale(scale), found)
            }
        }
    }

    /// Adds to `shortlist` the codes of bytes in `blocks` whose scores are above its threshold, by
    /// the bytes of `query` (4 * groups).
    package func scan(
        _ blocks: CodeBlocks,
        bytes query: Span<Int8>,
        scale: ScanScale,
        into shortlist: inout Shortlist
    ) {
        precondition(query.count == blocks.groups * 4, "each byte of a code meets one of the query")
        unsafe query.withUnsafeBufferPointer { query in
            unsafe scan(blocks, into: &shortlist) { list, found in
                guard let query = query.baseAddress else { return }
                unsafe table.pointee.lists.scan_bytes(list, query, CKernelsScale(scale), found)
            }
        }
    }

    private func scan(
        _ blocks: CodeBlocks,
        into shortlist: inout Shortlist,
        by kernel: (UnsafePointer<CKernelsList>, UnsafeMutablePointer<CKernelsFound>) -> Void
    ) {
        let size = CodeBlocks.size(groups: blocks.groups)
        let count = blocks.bytes.count / size
        guard count > 0 else { return }
        unsafe blocks.bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            var list = unsafe CKernelsList(
                blocks: start,
                count: count,
                groups: blocks.groups,
                first: UInt32(blocks.firstPosition),
                next: start + blocks.next
            )
            unsafe shortlist.collect(upTo: count * CodeBlocks.codeCount) { found in
                unsafe kernel(&list, found)
            }
        }
    }
}

extension CKernelsScale {
    fileprivate init(_ scale: ScanScale) {
        self.init(base: scale.base, step: scale.step)
    }
}
