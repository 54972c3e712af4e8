package import Foundation

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
