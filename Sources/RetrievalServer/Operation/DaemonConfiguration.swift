package import Foundation
package import Logging
import Wire

/// What the daemon is told from outside: by its file, and by flags that win over it.
///
/// Users and groups are names or numbers; times are in seconds.
package struct DaemonConfiguration: Codable, Sendable, Equatable {
    /// The folder that holds the store, the generations, and `CURRENT`.
    package var workspace = "corkboard.d"
    /// The path of the socket; where it is empty, ``socketName`` in the workspace.
    package var socket = ""
    /// Whose members may use the socket; where it is empty, the group that the daemon runs as.
    package var socketGroup = ""
    /// The least level that is logged, by its name.
    package var logLevel = Logger.Level.info.rawValue
    /// Threads that serve connections, and as many for what may take long.
    package var threads = 2
    /// Microseconds for which to look for the next request before sleeping, see ``BusyPoll``; 0 for
    /// none.
    package var busyPoll = 50
    /// Whether to keep the processors awake, see ``AwakeProcessors``.
    package var keepAwake = false
    /// How many connections there may be.
    package var connections = 10_240
    /// How long the rest of a frame may take once it has begun.
    package var frameTimeout = 5.0
    /// How long a client may leave unread what is waiting for it.
    package var stallTimeout = 10.0
    /// How long calls in flight may take to end when the daemon stops.
    package var drainTimeout = 8.0
    /// Who may connect beside the daemon's own user and root; where both lists are empty, members
    /// of the socket's group.
    package var allowUsers: [String] = []
    package var allowGroups: [String] = []
    /// Who may change what is served, beside the daemon's own user and root.
    package var adminUsers: [String] = []
    package var adminGroups: [String] = []
    /// How much recall a new generation may lose against the one that is served, see ``RecallGate``.
    package var recallLoss = 0.02
    /// The command that a Rebuild starts; where it is empty, `corkboard` beside this program.
    package var corkboard = ""
    /// The share of real queries that are compared with exact search on spare time; 0 for none.
    package var recallSample = 0.001
    /// Where metrics are asked for over HTTP, see ``MetricsAddress``; nowhere where it is empty.
    package var metrics = ""
    /// Milliseconds from which on a call is written to the log; 0 for never.
    package var slowQuery = 0.0
    /// How often to look for a newly published generation.
    package var watchInterval = Duration.milliseconds(200)

    /// The settings that a file may hold.
    private enum CodingKeys: CodingKey {
        case workspace, socket, socketGroup, logLevel, threads, busyPoll, keepAwake
        case connections, frameTimeout, stallTimeout, drainTimeout
        case allowUsers, allowGroups, adminUsers, adminGroups, recallLoss, corkboard
        case recallSample, metrics, slowQuery
    }

    package init() {}

    /// The name of a socket that is not given one.
    package static var socketName: String { SocketPath.defaultName }

    package var workspaceFolder: URL { URL(fileURLWithPath: workspace, isDirectory: true) }

    package var socketPath: String {
        socket.isEmpty
            ? workspaceFolder.appendingPathComponent(Self.socketName).relativePath : socket
    }

    /// The path of the program that runs; nil where the system does not tell.
    static var thisProgram: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path of the command that a Rebuild starts.
    var corkboardPath: String {
        guard corkboard.isEmpty else { return corkboard }
        let here = URL(fileURLWithPath: Self.thisProgram ?? "corkboardd")
        return here.deletingLastPathComponent().appendingPathComponent("corkboard").path
    }

    /// The level that `logLevel` names; to be asked of settings without a ``complaint`` only.
    package var level: Logger.Level {
        guard let level = Logger.Level(rawValue: logLevel) else {
            preconditionFailure("log_level is \(logLevel), which complaint would have refused")
        }
        return level
    }

    /// Where metrics are asked for, if they are to be.
    var metricsAddress: MetricsAddress? {
        get throws(RetrievalServerError) {
            metrics.isEmpty ? nil : try MetricsAddress(metrics)
        }
    }
}
