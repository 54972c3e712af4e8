import Foundation
import NIOCore
import Wire

// The steps by which a socket comes to its path.
extension ListeningSocket {
    /// A name that no other socket has, whichever process or thread makes it.
    static func temporaryPath(besides path: String) -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        let name = "." + String(repeating: "0", count: 8 - digits.count) + digits
        return folder(of: path).appendingPathComponent(name).relativePath
    }

    private static func folder(of path: String) -> URL {
        URL(fileURLWithPath: path, isDirectory: false).deletingLastPathComponent()
    }

    /// Both names must fit: the socket is bound to the temporary one.
    static func checkLengths(
        of path: String,
        and temporary: String,
        _ setting: String
    ) throws(RetrievalServerError) {
        let (length, needed) = (path.utf8.count, max(path.utf8.count, temporary.utf8.count))
        guard needed > SocketPath.longest else { return }
        let reason =
            needed == length
            ? "" : ", and \(needed) under the temporary name that it is bound to first"
        throw RetrievalServerError(
            .configuration,
            "the socket path \(path) has \(length) bytes\(reason), but Linux allows no more than "
                + "\(SocketPath.longest); choose a shorter one (\(setting))"
        )
    }

    /// Makes the folder that the socket is to lie in, unless it or the one above is missing.
    static func makeFolder(of path: String, for group: UInt32?) throws(RetrievalServerError) {
        let folder = folder(of: path).relativePath
        // What is wrong with a folder that cannot be made shows when the lock is opened in it.
        guard unsafe mkdir(folder, 0o750) == 0 else { return }
        try give(folder, to: group)
        // The umask may have taken something away.
        guard unsafe chmod(folder, 0o750) == 0 else {
            throw .system(errno, "set the permissions of \(folder)")
        }
    }

    /// Only a socket may be replaced; whatever else lies at the path is somebody's.
    static func checkFree(_ path: String, _ setting: String) throws(RetrievalServerError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK else { return }
        throw RetrievalServerError(
            .configuration,
            "\(path) is there already and is not a socket; choose another path (\(setting))"
        )
    }

    static func lock(
        besides path: String,
        _ setting: String
    ) throws(RetrievalServerError) -> Int32 {
        let name = path + ".lock"
        let descriptor = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .system(errno, "open \(name)", next: "choose another path (\(setting))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw .system(number, "lock \(name)") }
            throw RetrievalServerError(
                .inUse,
                "another corkboardd serves \(path); stop it, or choose another path (\(setting))"
            )
        }
        return descriptor
    }

    static func listen(
        at path: String,
        by temporary: String,
        for group: UInt32?
    ) throws(RetrievalServerError) -> (Int32, FileIdentity) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .system(errno, "make a socket") }
        do throws(RetrievalServerError) {
            try bind(descriptor, to: temporary)
            // Nobody can connect before `listen`, so owner and permissions come in time.
            try give(temporary, to: group)
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
        // The name is one that nobody has asked for: it is the folder that does not let it be made.
        guard number == 0 else {
            throw .system(number, "make a socket in \(folder(of: path).path)")
        }
    }

    /// Makes `group` the group of a file; the owner stays.
    private static func give(_ path: String, to group: UInt32?) throws(RetrievalServerError) {
        guard let group, unsafe chown(path, uid_t.max, group) != 0 else { return }
        throw .system(
            errno,
            "give \(path) to the group \(group) (root may, and a member of the group)"
        )
    }
}
