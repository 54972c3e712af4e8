import Foundation

/// A Unix socket that hears datagrams, as a service manager does.
package final class DatagramSocket {
    private let descriptor: Int32

    /// Binds to a path, or to an abstract name where `path` begins with `@`.
    package init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let result = unsafe withUnixAddress(path) { unsafe bind(descriptor, $0, $1) }
        guard result == 0 else { throw SystemError(errno) }
        try limitWaiting(of: descriptor)
    }

    deinit { close(descriptor) }

    /// The next datagram; nil where none comes for thirty seconds.
    package func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

/// What the system said when it refused something.
package struct SystemError: Error, CustomStringConvertible {
    package let description: String

    init(_ number: Int32) {
        description = unsafe String(cString: strerror(number))
    }
}

/// Runs `body` with the address of a path, or of an abstract name after `@`.
func withUnixAddress<Result>(
    _ path: String,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, size) }
    }
}

/// Ends what waits for `descriptor` after thirty seconds.
func limitWaiting(of descriptor: Int32) throws {
    var time = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        guard unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, size) == 0 else {
            throw SystemError(errno)
        }
    }
}
