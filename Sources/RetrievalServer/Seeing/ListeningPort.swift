import Foundation
import NIOCore

/// A TCP socket that listens.
struct ListeningPort {
    /// How many clients may wait to be accepted.
    private static let backlog: Int32 = 128

    /// The socket itself; whoever serves it closes it.
    let descriptor: Int32
    /// Where it listens; of an address with port 0, the port that the system chose.
    let address: SocketAddress

    /// - Throws: ``RetrievalServerError`` of code `system`.
    init(at address: SocketAddress) throws(RetrievalServerError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(address.protocol.rawValue, type, 0)
        guard descriptor >= 0 else { throw Self.refusal(of: address, errno) }
        do throws(RetrievalServerError) {
            self.address = try Self.listen(descriptor, at: address)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func listen(
        _ descriptor: Int32,
        at address: SocketAddress
    ) throws(RetrievalServerError) -> SocketAddress {
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // A daemon that starts again need not wait until the connections of the last are forgotten.
        guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size) == 0 else {
            throw refusal(of: address, errno)
        }
        let number = unsafe address.withSockAddr { address, size in
            unsafe bind(descriptor, address, socklen_t(size)) == 0 ? 0 : errno
        }
        guard number == 0 else { throw refusal(of: address, number) }
        guard Foundation.listen(descriptor, backlog) == 0 else { throw refusal(of: address, errno) }
        var bound = address
        bound.port = try port(of: descriptor, at: address)
        return bound
    }

    private static func port(
        of descriptor: Int32,
        at address: SocketAddress
    ) throws(RetrievalServerError) -> Int {
        // As long as any address; of those of IP the port is the third byte and the fourth.
        var name = [UInt8](repeating: 0, count: 128)
        var size = socklen_t(name.count)
        let result = unsafe name.withUnsafeMutableBytes { name in
            unsafe name.withMemoryRebound(to: sockaddr.self) {
                unsafe getsockname(descriptor, $0.baseAddress, &size)
            }
        }
        guard result == 0 else { throw refusal(of: address, errno) }
        return Int(name[2]) << 8 | Int(name[3])
    }

    /// HOST:PORT.
    var name: String { Self.name(of: address) }

    private static func name(of address: SocketAddress) -> String {
        let host = address.ipAddress ?? "?"
        return (address.protocol == .inet6 ? "[\(host)]" : host) + ":\(address.port ?? 0)"
    }

    private static func refusal(of address: SocketAddress, _ number: Int32) -> RetrievalServerError
    {
        let reason = unsafe String(cString: strerror(number))
        return RetrievalServerError(
            .system,
            "cannot listen for metrics at \(name(of: address)): \(reason); choose another port "
                + "(metrics)"
        )
    }
}
