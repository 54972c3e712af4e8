/// Reads the fields of an encoded message that is written as encoders usually write it.
///
/// It knows tags of one byte, varints of up to nine, four bytes, and lengths. At anything else it
/// answers nil, and whoever reads leaves the whole message to swift-protobuf, which knows all of
/// the format and what to say of bytes that are none. So it need not be complete, only right.
struct PlainReader: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.byteCount }

    /// A byte: of a tag, the field's number times 8, and how it is written.
    @_lifetime(self: copy self)
    mutating func byte() -> UInt8? {
        guard position < bytes.byteCount else { return nil }
        defer { position += 1 }
        return unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
    }

    @_lifetime(self: copy self)
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard let byte = byte() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// A varint that fits into 32 bits.
    @_lifetime(self: copy self)
    mutating func shortVarint() -> UInt32? {
        varint().flatMap { UInt32(exactly: $0) }
    }

    @_lifetime(self: copy self)
    mutating func float() -> Float? {
        guard bytes.byteCount - position >= 4 else { return nil }
        defer { position += 4 }
        let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
    }

    /// Where the bytes of a field lie that begins with its length.
    @_lifetime(self: copy self)
    mutating func range() -> Range<Int>? {
        guard let length = varint(), length <= UInt64(bytes.byteCount - position) else {
            return nil
        }
        defer { position += Int(length) }
        return position..<position + Int(length)
    }
}
