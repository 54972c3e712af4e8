package import Crypto
package import Foundation

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

    package init(_ digest: SHA256.Digest) {
        value = digest.prefix(Self.byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    package init(of bytes: RawSpan) {
        var hasher = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        self.init(hasher.finalize())
    }
}

/// The SHA-256 of a whole file, in lower-case hexadecimal digits.
package func sha256(ofFileAt url: URL) throws(FileError) -> String {
    let file = try MappedFile(at: url)
    var hasher = SHA256()
    unsafe file.bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    return hexadecimal(hasher.finalize())
}

/// The digits of a digest, two to a byte.
package func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }.joined()
}
