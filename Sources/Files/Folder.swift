package import Foundation

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
        throw .system("rename \(source.path) to", destination, errno)
    }
    try synchroniseFolder(at: destination.deletingLastPathComponent())
}

/// Replaces the file at `url` so that readers see the old bytes or the new ones, never a mixture:
/// write, synchronise, rename, synchronise the folder.
package func replaceFile(
    at url: URL,
    with body: (inout FileWriter) throws(FileError) -> Void
) throws(FileError) {
    let name = ".\(url.lastPathComponent).\(getpid()).tmp"
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

/// An exclusive claim on a folder, held by one process until this object goes away.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Claims `url` by an advisory lock on the file `name` in it.
    ///
    /// - Throws: ``FileError`` with code `locked` where another process holds the claim.
    package init(_ url: URL, name: String = ".lock") throws(FileError) {
        let file = url.appendingPathComponent(name)
        descriptor = unsafe open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("open", file, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw .system("lock", file, number) }
            throw FileError(
                .locked,
                "\(url.path) is in use by another process; wait for it to end, or stop it"
            )
        }
    }

    deinit {
        close(descriptor)
    }
}
