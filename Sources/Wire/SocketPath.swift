/// Where the daemon listens, and what Linux allows such a path to be.
package enum SocketPath {
    /// The name of the socket in a workspace, unless another path is asked for.
    package static let defaultName = "corkboardd.sock"

    /// The most bytes of a path: `sockaddr_un.sun_path` without the zero that ends it.
    package static let longest = 107
}
