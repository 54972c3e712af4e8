import Foundation
import NIOCore
import Wire

/// A Unix socket that listens, and that belongs to this process alone.
///
/// There is no moment at which a stranger could connect, or a client find nothing: the socket is
/// bound under a temporary name, given its permissions, made to listen, and only then renamed to
/// its path. Whoever holds the lock on `PATH.lock` may do that, so a daemon that was killed leaves
/// nothing in the way of the next one, and one that lives is never robbed of its socket.
final class ListeningSocket: Sendable {
    private static let backlog: Int32 = 4096

    let path: String
    private let lock: Int32
    /// The socket itself; whoever serves it closes it.
    let descriptor: Int32
    /// Tells our socket from one that somebody else has put at the path since.
    private let identity: FileIdentity

    /// Listens at `path`, which replaces a socket left behind there.
    ///
    /// - Throws: ``RetrievalServerError`` of code `inUse` where another process listens there,
    ///   `configuration` where the path is too long, and `system` for the rest.
    init(path: String) throws(RetrievalServerError) {
        let temporary = Self.temporaryPath(besides: path)
        try Self.checkLengths(of: path, and: temporary)
        try Self.checkFree(path)
        let lock = try Self.lock(besides: path)
        do throws(RetrievalServerError) {
            (descriptor, identity) = try Self.listen(at: path, by: temporary)
        } catch {
            close(lock)
            throw error
        }
        self.path = path
        self.lock = lock
    }

    deinit {
        // The lock's file stays: to remove it would let two processes lock two files of one name.
        close(lock)
    }

    /// Lets another process listen at the path, at once and not when the last reference goes.
    func release() {
        unlinkIfOurs()
        flock(lock, LOCK_UN)
    }

    /// Removes the socket from its folder, unless somebody else's stands there by now.
    func unlinkIfOurs() {
        if FileIdentity(ofFileAt: path) == identity {
            _ = unsafe unlink(path)
        }
    }
}

// MARK: - The steps

extension ListeningSocket {
    /// A name that no other socket has, whichever process or thread makes it.
    private static func temporaryPath(besides path: String) -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        let name = "." + String(repeating: "0", count: 8 - digits.count) + digits
        let folder = URL(fileURLWithPath: path, isDirectory: false).deletingLastPathComponent()
        return folder.appendingPathComponent(name).relativePath
    }

    /// Only a socket may be replaced; whatever else lies at the path is somebody's.
    private static func checkFree(_ path: String) throws(RetrievalServerError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK else { return }
        throw RetrievalServerError(
            .configuration,
            "\(path) is there already and is not a socket; choose another path with --socket"
        )
    }

    /// Both names must fit: the socket is bound to the temporary one.
    private static func checkLengths(
        of path: String,
        and temporary: String
    ) throws(RetrievalServerError) {
        let (length, needed) = (path.utf8.count, max(path.utf8.count, temporary.utf8.count))
        guard needed > SocketPath.longest else { return }
        let reason =
            needed == length
            ? "" : ", and \(needed) under the temporary name that it is bound to first"
        throw RetrievalServerError(
            .configuration,
            "the socket path \(path) has \(length) bytes\(reason), but Linux allows no more than "
                + "\(SocketPath.longest); choose a shorter one with --socket"
        )
    }

    private static func lock(besides path: String) throws(RetrievalServerError) -> Int32 {
        let name = path + ".lock"
        let descriptor = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, "open \(name)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw .system(number, "lock \(name)") }
            throw RetrievalServerError(
                .inUse,
                "another corkboardd serves \(path); stop it, or choose another path with --socket"
            )
        }
        return descriptor
    }

    private static func listen(
        at path: String,
        by temporary: String
    ) throws(RetrievalServerError) -> (Int32, FileIdentity) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .system(errno, "make a socket") }
        do throws(RetrievalServerError) {
            try bind(descriptor, to: temporary)
            // Nobody can connect before `listen`, so the permissions come in time.
            guard unsafe chmod(temporary, 0o660) == 0 else {
                throw RetrievalServerError.system(errno, "set the permissions of \(temporary)")
            }
            guard Foundation.listen(descriptor, backlog) == 0 else {
                throw RetrievalServerError.system(errno, "listen at \(temporary)")
            }
            guard let identity = FileIdentity(ofFileAt: temporary),
                unsafe rename(temporary, path) == 0
            else {
                throw RetrievalServerError.system(errno, "rename \(temporary) to \(path)")
            }
            return (descriptor, identity)
        } catch {
            close(descriptor)
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    private static func bind(
        _ descriptor: Int32,
        to path: String
    ) throws(RetrievalServerError) {
        guard let address = SocketPath.address(path) else {
            preconditionFailure("the length of \(path) has been checked")
        }
        let number = unsafe address.withSockAddr { address, size in
            unsafe Foundation.bind(descriptor, address, socklen_t(size)) == 0 ? 0 : errno
        }
        guard number == 0 else { throw .system(number, "bind a socket to \(path)") }
    }
}

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
