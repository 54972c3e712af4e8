package import Foundation
package import Logging
import Wire

/// What the daemon is told from outside: by its file, and by flags that win over it.
package struct DaemonConfiguration: Codable, Sendable, Equatable {
    /// The folder that holds the store, the generations, and `CURRENT`.
    package var workspace = "corkboard.d"
    /// The path of the socket; where it is empty, ``socketName`` in the workspace.
    package var socket = ""
    /// The least level that is logged, by its name.
    package var logLevel = Logger.Level.info.rawValue
    /// Threads that serve connections, and as many for what may take long.
    package var threads = 2
    /// Whether to keep the processors awake, see ``AwakeProcessors``.
    package var keepAwake = false
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
    /// How long calls in flight may take to end when the daemon stops.
    package var drainTime = Duration.seconds(8)

    /// The settings that a file may hold.
    private enum CodingKeys: CodingKey {
        case workspace, socket, logLevel, threads, keepAwake, recallLoss, corkboard
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

    /// What is wrong with these settings, in a sentence, or nil.
    package var complaint: String? {
        guard Logger.Level(rawValue: logLevel) != nil else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            return "log_level is \(logLevel), but must be one of \(levels)"
        }
        guard (1...1024).contains(threads) else {
            return "threads is \(threads), but must be from 1 to 1024"
        }
        guard (0...1).contains(recallLoss) else {
            return "recall_loss is \(recallLoss), but must be from 0 to 1"
        }
        guard (0...1).contains(recallSample) else {
            return "recall_sample is \(recallSample), but must be from 0 to 1"
        }
        guard (0...3_600_000).contains(slowQuery) else {
            return "slow_query is \(slowQuery), but must be 0 or a number of milliseconds"
        }
        do {
            _ = try metricsAddress
        } catch {
            return error.description
        }
        return workspace.isEmpty ? "workspace is empty, but must name a folder" : nil
    }

    /// Where metrics are asked for, if they are to be.
    var metricsAddress: MetricsAddress? {
        get throws(RetrievalServerError) {
            metrics.isEmpty ? nil : try MetricsAddress(metrics)
        }
    }
}
