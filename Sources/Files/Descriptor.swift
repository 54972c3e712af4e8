import Foundation
import Glibc

/// Writes all of `bytes` where `descriptor` stands; errors say that one cannot `action` `url`.
func writeAll(
    _ bytes: RawSpan,
    to descriptor: Int32,
    of url: URL,
    action: String = "write"
) throws(FileError) {
    try unsafe bytes.withUnsafeBytes { (bytes) throws(FileError) in
        var written = 0
        while written < bytes.count {
            let count = unsafe Glibc.write(
                descriptor,
                bytes.baseAddress?.advanced(by: written),
                bytes.count - written
            )
            let number = errno
            if count < 0, number == EINTR { continue }
            guard count > 0 else { throw .system(action, url, number) }
            written += count
        }
    }
}

/// Fills `bytes` with what `descriptor` has from byte `offset` on, which must be enough; `error`
/// makes the error of a number of the system.
func readAll(
    _ bytes: UnsafeMutableRawBufferPointer,
    of descriptor: Int32,
    at offset: Int,
    error: (_ number: Int32) -> FileError
) throws(FileError) {
    var done = 0
    while done < bytes.count {
        let count = unsafe pread(
            descriptor,
            bytes.baseAddress?.advanced(by: done),
            bytes.count - done,
            off_t(offset + done)
        )
        let number = errno
        if count < 0, number == EINTR { continue }
        guard count > 0 else { throw error(count < 0 ? number : EIO) }
        done += count
    }
}
