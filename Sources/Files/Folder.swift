package import Foundation
import Synchronization

/// How many replacements this process began, so that no two share a temporary file.
private let replacements = Atomic(0)

/// Makes `url` and the folders above it, where they are missing.
package func makeFolder(at url: URL) throws(FileError) {
    do {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
        throw FileError(.inaccessible, "cannot make the folder \(url.path): \(error)")
    }
}

/// Makes the names in a folder durable: what was created or renamed in it survives a power cut.
package func synchroniseFolder(at url: URL) throws(FileError) {
    let descriptor = unsafe open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", url, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("synchronise", url, errno) }
}

/// Renames a file or folder over `destination`, and makes the new name durable.
package func moveDurably(_ source: URL, to destination: URL) throws(FileError) {
    guard unsafe rename(source.path, destination.path) == 0 else {
        let number = errno
        throw .system("rename \(source.path) to", destination, number)
    }
    try synchroniseFolder(at: destination.deletingLastPathComponent())
}

/// Replaces the file at `url` so that readers see the old bytes or the new ones, never a mixture:
/// write, synchronise, rename, synchronise the folder.
package func replaceFile(
    at url: URL,
    with body: (inout FileWriter) throws(FileError) -> Void
) throws(FileError) {
    let turn = replacements.wrappingAdd(1, ordering: .relaxed).newValue
    let name = ".\(url.lastPathComponent).\(getpid()).\(turn).tmp"
    let temporary = url.deletingLastPathComponent().appendingPathComponent(name)
    var writer = try FileWriter(at: temporary)
    try body(&writer)
    _ = try writer.finish()
    do {
        try moveDurably(temporary, to: url)
    } catch {
        _ = unsafe unlink(temporary.path)
        throw error
    }
}

/// Replaces the file at `url` with `text`, atomically and durably.
package func replaceFile(at url: URL, with text: String) throws(FileError) {
    try replaceFile(at: url) { (writer) throws(FileError) in try writer.append(text) }
}

/// Appends `text` to the file at `url`, durably; makes the file where it is missing.
///
/// Where several processes append at once, the text of each stays whole.
package func appendDurably(_ text: String, to url: URL) throws(FileError) {
    let descriptor = unsafe open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("open", url, errno) }
    defer { close(descriptor) }
    let bytes = [UInt8](text.utf8)
    try unsafe writeAll(bytes.span.bytes, to: descriptor, of: url)
    guard fsync(descriptor) == 0 else { throw .system("synchronise", url, errno) }
    try synchroniseFolder(at: url.deletingLastPathComponent())
}
