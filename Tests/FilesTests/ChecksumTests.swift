import Files
import Foundation
import TestSupport
import Testing

struct ChecksumTests {
    @Test func `a checksum is the first eight bytes of the digest, the lowest first`() {
        // printf abc | sha256sum begins ba 78 16 bf 8f 01 cf ea.
        let expected = Checksum(value: 0xEACF_018F_BF16_78BA)
        #expect(unsafe Checksum(of: Array("abc".utf8).span.bytes) == expected)
        #expect(unsafe Digest(of: Array("abc".utf8).span.bytes).checksum == expected)
        #expect(Checksum.byteCount == 8)
    }

    @Test func `one changed bit changes the checksum`() {
        var bytes = [UInt8](repeating: 7, count: 100)
        let original = unsafe Checksum(of: bytes.span.bytes)
        for bit in 0..<800 {
            bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(unsafe Checksum(of: bytes.span.bytes) != original)
            bytes[bit / 8] ^= 1 << (bit % 8)
        }
    }

    @Test func `the digest of a missing file is an error`() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: FileError.self) {
                _ = try sha256(ofFileAt: folder.appendingPathComponent("nothing"))
            }
            #expect(error?.code == .missing)
        }
    }
}
