import Foundation
import Glibc

/// Writes all of `bytes` where `descriptor` stands; `url` names the file in errors.
func writeAll(_ bytes: RawSpan, to descriptor: Int32, of url: URL) throws(FileError) {
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
            guard count > 0 else { throw .system("write", url, number) }
            written += count
        }
    }
}
