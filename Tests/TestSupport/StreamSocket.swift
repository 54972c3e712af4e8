import Foundation

/// A blocking Unix stream socket: either end of it, without any library between.
package final class StreamSocket {
    package let descriptor: Int32

    /// Connects to `path`.
    package init(to path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(errno) }
        try limitWaiting(of: descriptor)
        let result = unsafe withUnixAddress(path) { unsafe connect(descriptor, $0, $1) }
        guard result == 0 else { throw SystemError(errno) }
    }

    /// Listens at `path`.
    package init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(errno) }
        let result = unsafe withUnixAddress(path) { unsafe bind(descriptor, $0, $1) }
        guard result == 0, listen(descriptor, 16) == 0 else { throw SystemError(errno) }
    }

    deinit { close(descriptor) }

    package func send(_ bytes: [UInt8]) throws {
        let count = unsafe Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw SystemError(errno) }
    }

    /// What has come, or comes; nothing where the other end has closed.
    package func receive() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw SystemError(errno) }
        return Array(bytes.prefix(count))
    }
}
