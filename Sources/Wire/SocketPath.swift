import Foundation
package import NIOCore

/// Where the daemon listens, and what Linux allows such a path to be.
package enum SocketPath {
    /// The name of the socket in a workspace, unless another path is asked for.
    package static let defaultName = "corkboardd.sock"

    /// The most bytes of a path: `sockaddr_un.sun_path` without the zero that ends it.
    package static let longest = 107

    /// The address of a socket at `path`, or nil where that is too long.
    ///
    /// NIO makes addresses of paths as well, but of 103 bytes at the most, which is what the
    /// strictest of its platforms allows.
    package static func address(_ path: String) -> SocketAddress? {
        guard path.utf8.count <= longest else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            unsafe room.copyBytes(from: path.utf8)  // the rest is zero
        }
        return SocketAddress(address)
    }
}
