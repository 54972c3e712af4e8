package import Foundation
package import Logging

/// What the daemon is told from outside: by its file, and by flags that win over it.
package struct DaemonConfiguration: Sendable, Equatable {
    /// The folder that holds the store, the generations, and `CURRENT`.
    package var workspace = URL(fileURLWithPath: "corkboard.d", isDirectory: true)
    /// The path of the socket, where it is not to be `corkboardd.sock` in the workspace.
    package var socket: String?
    package var logLevel = Logger.Level.info
    /// Threads that serve connections, and as many for what may take long.
    package var threads = 2
    /// How often to look for a newly published generation.
    package var watchInterval = Duration.milliseconds(200)
    /// How long calls in flight may take to end when the daemon stops.
    package var drainTime = Duration.seconds(8)

    package init() {}

    package var socketPath: String {
        socket ?? workspace.appendingPathComponent("corkboardd.sock").relativePath
    }
}
