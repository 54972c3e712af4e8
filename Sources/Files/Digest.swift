import Crypto
package import Foundation

/// The SHA-256 of some bytes.
///
/// ```swift
/// var builder = DigestBuilder()
/// builder.append(header)
/// builder.append(body)
/// let digits = builder.finish().hexadecimal
/// ```
package struct Digest: Hashable, Sendable {
    package static let byteCount = 32

    private let bytes: SHA256.Digest

    fileprivate init(_ bytes: SHA256.Digest) {
        self.bytes = bytes
    }

    package init(of bytes: RawSpan) {
        var builder = DigestBuilder()
        builder.append(bytes)
        self = builder.finish()
    }

    /// The digest in 64 lower-case hexadecimal digits.
    package var hexadecimal: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    /// The short form of the digest, for records and headers.
    package var checksum: Checksum {
        let first = bytes.prefix(Checksum.byteCount)
        return Checksum(value: first.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
}

/// Takes the SHA-256 of bytes that come piece by piece.
package struct DigestBuilder: Sendable {
    private var hasher = SHA256()

    package init() {}

    package mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    }

    /// The digest of all bytes so far; more may follow.
    package func finish() -> Digest {
        Digest(hasher.finalize())
    }
}

/// The SHA-256 of a whole file, in lower-case hexadecimal digits.
package func sha256(ofFileAt url: URL) throws(FileError) -> String {
    let file = try MappedFile(at: url)
    return Digest(of: file.bytes).hexadecimal
}
