import Files
import Foundation

/// A file that grows at its end, and can be cut back to an earlier length.
struct LogFile {
    private let url: URL
    private let handle: FileHandle

    /// Opens the file, or makes it, without what lies past its first `byteCount` bytes.
    init(at url: URL, keeping byteCount: Int) throws(FileError) {
        self.url = url
        do {
            if !FileManager.default.fileExists(atPath: url.path) {
                try Data().write(to: url)
            }
            handle = try FileHandle(forWritingTo: url)
            try handle.truncate(atOffset: UInt64(byteCount))
        } catch {
            throw Self.refusal(url, error)
        }
    }

    func append(_ data: Data) throws(FileError) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            throw Self.refusal(url, error)
        }
    }

    private static func refusal(_ url: URL, _ error: any Error) -> FileError {
        FileError(.inaccessible, "cannot write \(url.path): \(error.reason)")
    }
}
