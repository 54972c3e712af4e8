/// The first eight bytes of a SHA-256 digest, read as a little-endian integer.
///
/// Every record and header of Corkboard carries one. It finds damage, not malice; where malice
/// matters (the files of a generation) the whole digest is kept.
package struct Checksum: Hashable, Sendable {
    package static let byteCount = 8
    package let value: UInt64

    package init(value: UInt64) {
        self.value = value
    }

    package init(of bytes: RawSpan) {
        self = Digest(of: bytes).checksum
    }
}
