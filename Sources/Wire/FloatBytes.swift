package import Foundation

/// Little-endian 32-bit floats, as they travel in a message's `bytes` field.
extension Data {
    package init(floats: some Collection<Float>) {
        self.init(capacity: floats.count * MemoryLayout<Float>.size)
        for float in floats {
            var bits = float.bitPattern.littleEndian
            unsafe Swift.withUnsafeBytes(of: &bits) { unsafe append(contentsOf: $0) }
        }
    }

    /// The floats, or nil where the number of bytes is no multiple of four.
    package var floats: [Float]? {
        let size = MemoryLayout<Float>.size
        guard count.isMultiple(of: size) else { return nil }
        let bytes = self.bytes
        return [Float](capacity: count / size) { floats in
            for offset in stride(from: 0, to: bytes.byteCount, by: size) {
                let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
                floats.append(Float(bitPattern: UInt32(littleEndian: bits)))
            }
        }
    }
}
