package import Foundation
import NIOCore

// Answers, written in one pass: byte for byte what swift-protobuf writes, to which
// PlainMessageTests hold them.

extension SearchResponse {
    /// This message as bytes, with item ids and scores that are given beside it.
    ///
    /// The ids are those of `rows`: `length` tells how many bytes of UTF-8 one has, and `append`
    /// writes just these. So no id is ever a string.
    package func encoded(
        rows: [Int],
        scores: [Float],
        length: (Int) -> Int,
        append: (Int, inout OutputSpan<UInt8>) -> Void
    ) -> Data {
        precondition(itemIds.isEmpty && scoresF32Le.isEmpty, "ids and scores are given beside it")
        let lengths = rows.map(length)
        let countsSize = counts.reduce(0) { $0 + varintSize(UInt64($1)) }
        let idsSize = lengths.reduce(0) { $0 + 1 + varintSize(UInt64($1)) + $1 }
        // A tag of one byte and at most ten more, for each field but the ids.
        let most = 8 * 11 + countsSize + idsSize + 4 * scores.count + found.count
        let bytes = [UInt8](capacity: most) { bytes in
            bytes.append(field: 0x08, varint: generation)
            bytes.append(field: 0x10, varint: embeddingVersion)
            if !counts.isEmpty {
                bytes.append(tag: 0x1A, length: countsSize)
                for count in counts {
                    bytes.append(varint: UInt64(count))
                }
            }
            for (row, length) in zip(rows, lengths) {
                bytes.append(tag: 0x22, length: length)
                append(row, &bytes)
            }
            if !scores.isEmpty {
                bytes.append(tag: 0x2A, length: 4 * scores.count)
                for score in scores {
                    bytes.append(littleEndian: score.bitPattern)
                }
            }
            bytes.append(field: 0x30, varint: partial ? 1 : 0)
            if !found.isEmpty {
                bytes.append(tag: 0x3A, length: found.count)
                for isFound in found {
                    bytes.append(isFound ? 1 : 0)
                }
            }
            bytes.append(field: 0x40, varint: UInt64(effort))
            if expectedRecall.bitPattern != 0 {
                bytes.append(0x49)
                bytes.append(littleEndian: expectedRecall.bitPattern)
            }
        }
        return Data(bytes)
    }
}

extension ByteBuffer {
    /// The envelope of a success around `payload`: a ttrpc.Response without a status.
    ///
    /// - Throws: ``CallError`` of code `resourceExhausted` where it would exceed 4 MiB.
    init(responseOf payload: Data) throws(CallError) {
        self.init()
        guard !payload.isEmpty else { return }
        let head = [UInt8](capacity: 11) { head in
            head.append(tag: 0x12, length: payload.count)
        }
        let size = head.count + payload.count
        guard size <= Frame.maximumBodySize else { throw .oversized(size) }
        reserveCapacity(size)
        writeBytes(head)
        writeBytes(payload.bytes)
    }
}

/// How many bytes a varint takes: one for every seven bits.
private func varintSize(_ value: UInt64) -> Int {
    (UInt64.bitWidth - (value | 1).leadingZeroBitCount + 6) / 7
}

extension OutputSpan<UInt8> {
    @_lifetime(self: copy self)
    fileprivate mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    @_lifetime(self: copy self)
    fileprivate mutating func append(tag: UInt8, length: Int) {
        append(tag)
        append(varint: UInt64(length))
    }

    /// A number, which is left out where it is 0.
    @_lifetime(self: copy self)
    fileprivate mutating func append(field tag: UInt8, varint value: UInt64) {
        guard value != 0 else { return }
        append(tag)
        append(varint: value)
    }

    @_lifetime(self: copy self)
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
