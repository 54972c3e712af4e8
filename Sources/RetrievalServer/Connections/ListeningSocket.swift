import Foundation

/// A Unix socket that listens: one that this process made, or that it was passed.
///
/// There is no moment at which a stranger could connect, or a client find nothing: the socket is
/// bound under a temporary name, given its permissions, made to listen, and only then renamed to
/// its path. Whoever holds the lock on `PATH.lock` may do that, so a daemon that was killed leaves
/// nothing in the way of the next one, and one that lives is never robbed of its socket.
///
/// A socket that was passed belongs to whoever made it: its file is neither locked nor removed.
final class ListeningSocket: Sendable {
    /// How many clients may wait to be accepted; Linux's own bound.
    static let backlog: Int32 = 4096

    let path: String
    /// The socket itself; whoever serves it closes it.
    let descriptor: Int32
    /// The group whose members may connect, as far as the file says.
    let group: UInt32?
    private let own: Own?
    /// Whether it was made here, so that nobody else serves it.
    var isOwn: Bool { own != nil }

    /// What tells that the file is ours.
    private struct Own {
        let lock: Int32
        /// Tells our socket from one that somebody else has put at the path since.
        let identity: FileIdentity
    }

    /// Listens at `path`, which replaces a socket left behind there, for the members of `group`;
    /// where that is nil, of the group of this process.
    ///
    /// A folder that is missing is made, with mode 0750 and the same group. Errors name `setting`
    /// as the one that chooses the path.
    ///
    /// - Throws: ``RetrievalServerError`` of code `inUse` where another process listens there,
    ///   `configuration` where the path is too long, and `system` for the rest.
    init(
        path: String,
        group: UInt32? = nil,
        setting: String = "--socket"
    ) throws(RetrievalServerError) {
        let temporary = Self.temporaryPath(besides: path)
        try Self.checkLengths(of: path, and: temporary, setting)
        try Self.makeFolder(of: path, for: group)
        try Self.checkFree(path, setting)
        let lock = try Self.lock(besides: path, setting)
        let identity: FileIdentity
        do throws(RetrievalServerError) {
            (descriptor, identity) = try Self.listen(at: path, by: temporary, for: group)
        } catch {
            close(lock)
            throw error
        }
        self.path = path
        self.group = FileOwners(ofFileAt: path)?.group
        own = Own(lock: lock, identity: identity)
    }

    /// Takes a socket that somebody else made to listen, at `path`.
    init(passed descriptor: Int32, at path: String) {
        self.path = path
        self.descriptor = descriptor
        group = FileOwners(ofFileAt: path)?.group
        own = nil
    }

    deinit {
        // The lock's file stays: to remove it would let two processes lock two files of one name.
        if let own {
            close(own.lock)
        }
    }

    /// Lets another process listen at the path, at once and not when the last reference goes.
    func release() {
        unlinkIfOurs()
        if let own {
            flock(own.lock, LOCK_UN)
        }
    }

    /// Removes the socket from its folder, unless somebody else's stands there by now.
    func unlinkIfOurs() {
        if let own, FileIdentity(ofFileAt: path) == own.identity {
            _ = unsafe unlink(path)
        }
    }
}
