import Files

/// The form of every record: a checksum, and a payload that it vouches for.
///
/// ```
/// offset  size  content
/// 0       8     the Checksum of the key followed by the payload
/// 8       …     the payload
/// ```
/// The key is part of it, so that a sound payload under a damaged key is found out too. Integers in
/// payloads are little-endian; those in keys are big-endian, which makes byte order their order. A
/// text is its length in bytes of UTF-8 (4 bytes), then the bytes.
enum Record {
    /// The bytes to store under `key`.
    static func seal(_ payload: [UInt8], key: [UInt8]) -> [UInt8] {
        var record: [UInt8] = []
        record.reserveCapacity(Checksum.byteCount + payload.count)
        let checksum = unsafe checksum(key: key.span.bytes, payload: payload.span.bytes)
        record.append(littleEndian: checksum.value)
        record += payload
        return record
    }

    /// The payload of a record found under `key`; nil where it is damaged.
    @_lifetime(copy record)
    static func open(_ record: RawSpan, key: RawSpan) -> RawSpan? {
        var reader = RecordReader(record)
        guard let stored = reader.integer(UInt64.self) else { return nil }
        let payload = record.extracting(droppingFirst: Checksum.byteCount)
        guard checksum(key: key, payload: payload).value == stored else { return nil }
        return payload
    }

    private static func checksum(key: RawSpan, payload: RawSpan) -> Checksum {
        var builder = DigestBuilder()
        builder.append(key)
        builder.append(payload)
        return builder.finish().checksum
    }
}

// MARK: - Keys

/// Four bytes that sort as the number does.
func key(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
}

/// The number that the first four bytes of a key hold; nil where there are fewer.
func numberHeld(by key: RawSpan) -> UInt32? {
    var reader = RecordReader(key)
    return reader.integer(UInt32.self).map(\.byteSwapped)
}

// MARK: - Payloads

extension [UInt8] {
    mutating func append(littleEndian integer: some FixedWidthInteger) {
        for shift in stride(from: 0, to: integer.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }

    /// Appends a text with its length before it; it is shorter than 4 GiB.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { bytes in
            append(littleEndian: UInt32(clamping: bytes.count))
            unsafe append(contentsOf: bytes)
        }
    }
}

/// Reads a payload from front to back; answers nil where it ends too early.
struct RecordReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// How many bytes are left.
    var remaining: Int { bytes.byteCount - offset }

    @_lifetime(self: copy self)
    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _: Integer.Type
    ) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard size <= remaining else { return nil }
        defer { offset += size }
        let loaded = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self)
        return Integer(littleEndian: loaded)
    }

    /// A number of things that follow, each of which takes 4 bytes at least.
    @_lifetime(self: copy self)
    mutating func count() -> Int? {
        guard let count = integer(UInt32.self), Int(count) <= remaining / 4 else { return nil }
        return Int(count)
    }

    @_lifetime(self: copy self)
    mutating func text() -> String? {
        guard let size = integer(UInt32.self), Int(size) <= remaining else { return nil }
        defer { offset += Int(size) }
        return String(bytes.extracting(offset..<offset + Int(size)))
    }
}

extension String {
    /// The text of UTF-8 bytes; nil where they are not valid.
    init?(_ bytes: RawSpan) {
        let text = unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { return nil }
        self = text
    }
}
