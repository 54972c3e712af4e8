import Foundation

/// The frame around each record of a TensorBoard file: its length (u64), the length's masked
/// CRC-32C, the payload, and the payload's masked CRC-32C, all little-endian.
///
/// Source: tensorflow/core/lib/io/record_writer.h and crc32c.h.
enum TFRecord {
    /// The bytes of a frame before its payload, and after.
    private static let (headSize, tailSize) = (12, 4)

    /// The record of `payload`.
    static func framed(_ payload: Data) -> Data {
        let length = Data(littleEndian: UInt64(payload.count))
        return length + maskedCRC(length) + payload + maskedCRC(payload)
    }

    /// Takes the first record off `bytes` and returns its payload; nil, and `bytes` stay as they
    /// are, where no whole and undamaged record comes first.
    static func take(from bytes: inout Data.SubSequence) -> Data? {
        guard bytes.count >= headSize + tailSize else { return nil }
        let length = bytes.prefix(8)
        let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard bytes.dropFirst(8).prefix(4) == maskedCRC(length),
            count <= UInt64(bytes.count - headSize - tailSize)
        else { return nil }
        let payload = bytes.dropFirst(headSize).prefix(Int(count))
        let rest = bytes.dropFirst(headSize + Int(count))
        guard rest.prefix(tailSize) == maskedCRC(payload) else { return nil }
        bytes = rest.dropFirst(tailSize)
        return payload
    }

    /// The check is masked because records may hold checks of their own.
    private static func maskedCRC(_ bytes: Data) -> Data {
        let crc = crc32c(bytes)
        return Data(littleEndian: (crc >> 15 | crc << 17) &+ 0xA282_EAD8)
    }
}

extension Data {
    init(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
        self.init(
            (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        )
    }
}
