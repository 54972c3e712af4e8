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
    ) -> [UInt8] {
        precondition(itemIds.isEmpty && scoresF32Le.isEmpty, "ids and scores are given beside it")
        let lengths = rows.map(length)
        let countsSize = counts.reduce(0) { $0 + Varint(UInt64($1)).size }
        let idsSize = lengths.reduce(0) { $0 + 1 + Varint(UInt64($1)).size + $1 }
        // A tag of one byte and at most ten more, for each field but the ids.
        let most = 8 * 11 + countsSize + idsSize + 4 * scores.count + found.count
        return [UInt8](capacity: most) { bytes in
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
    }
}

extension HealthResponse {
    /// This message as bytes.
    package func encoded() -> [UInt8] {
        let message = message.utf8
        return [UInt8](capacity: 22 + message.count) { bytes in
            bytes.append(field: 0x08, varint: UInt64(state.rawValue))
            guard !message.isEmpty else { return }
            bytes.append(tag: 0x12, length: message.count)
            for byte in message {
                bytes.append(byte)
            }
        }
    }
}

extension ByteBuffer {
    /// Appends the frame of a success: around `payload`, a ttrpc.Response without a status.
    ///
    /// - Throws: ``CallError`` of code `resourceExhausted` where its body would exceed 4 MiB.
    mutating func write(
        responseOf payload: [UInt8],
        on streamID: UInt32
    ) throws(CallError) {
        let length = Varint(UInt64(payload.count))
        let size = payload.isEmpty ? 0 : 1 + length.size + payload.count
        guard size <= Frame.maximumBodySize else { throw .oversized(size) }
        writeWithOutputRawSpan(minimumWritableBytes: Frame.headerSize + size) { head in
            head.append(headerOf: size, on: streamID, .response)
            guard !payload.isEmpty else { return }
            head.append(0x12)
            for byte in length {
                head.append(byte)
            }
        }
        writeBytes(payload)
    }
}

/// The bytes of a number as protobuf writes it: seven bits each, the least first.
private struct Varint: Sequence, IteratorProtocol {
    private var rest: UInt64?

    init(_ value: UInt64) {
        rest = value
    }

    /// How many bytes are left.
    var size: Int {
        rest.map { (UInt64.bitWidth - ($0 | 1).leadingZeroBitCount + 6) / 7 } ?? 0
    }

    mutating func next() -> UInt8? {
        guard let value = rest else { return nil }
        rest = value < 0x80 ? nil : value >> 7
        return UInt8(truncatingIfNeeded: value) & 0x7F | (value < 0x80 ? 0 : 0x80)
    }
}

extension OutputSpan<UInt8> {
    @_lifetime(self: copy self)
    fileprivate mutating func append(varint value: UInt64) {
        for byte in Varint(value) {
            append(byte)
        }
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
