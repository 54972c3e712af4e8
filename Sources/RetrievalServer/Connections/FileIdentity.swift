import Foundation

/// Which file a path leads to.
struct FileIdentity: Equatable, Sendable {
    let device: UInt
    let number: UInt
    /// When it was last changed, in nanoseconds since 1970.
    let changed: Int

    /// Nil where there is no file, or no way to it; a link is not followed.
    init?(ofFileAt path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
        changed = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
    }
}

/// Whose a file is.
struct FileOwners: Equatable, Sendable {
    let user: UInt32
    let group: UInt32

    /// Nil where there is no file, or no way to it; a link is not followed.
    init?(ofFileAt path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        (user, group) = (status.st_uid, status.st_gid)
    }
}
