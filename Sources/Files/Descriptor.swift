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
