import ArgumentParser
import Configuration
import Foundation
import Logging
import RetrievalServer

@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corkboardd",
        abstract: "Serve the published generation of a workspace over a Unix socket.",
        discussion: """
            Prints one line on stdout when searches are answered: \
            READY socket=PATH generation=N items=N. A generation published later is served \
            without a restart. SIGTERM and SIGINT let calls in flight end; a second one does not. \
            SIGHUP reads the configuration again.

            Exit codes: 0 stopped as asked, 1 stopped by any other failure, 64 wrong usage, \
            65 and 66 a generation that --check-generation finds damaged or missing, \
            71 refused by the system, 75 another daemon serves the socket, 78 wrong configuration, \
            130 and 143 stopped by a second SIGINT or SIGTERM.
            """,
        version: Daemon.version
    )

    @Option(name: .long, help: "Read settings from this YAML file.")
    var config: String?

    @Option(name: .shortAndLong, help: "Serve this workspace (default: corkboard.d).")
    var workspace: String?

    @Option(
        name: .long,
        help: "Listen at this path (default: WORKSPACE/\(DaemonConfiguration.socketName))."
    )
    var socket: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Check generation N as the daemon does before it serves it, and end: 0 where it is sound.",
            valueName: "N"
        )
    )
    var checkGeneration: Int?

    func run() async throws {
        // A client that goes away, or a full disk, is an error to handle, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Until somebody listens for it, it would be a reason to die.
        signal(SIGHUP, SIG_IGN)
        let environment = ServiceEnvironment.take()
        do {
            let settings = try settings()
            if let number = checkGeneration {
                lowerPriority()
                return try RetrievalServer.checkGeneration(number, in: settings.workspaceFolder)
            }
            let level = LogLevel(settings.level)
            let daemon = Daemon(
                settings,
                logger: logger(level),
                level: level,
                environment: environment,
                reread: { [self] in try self.settings() }
            )
            try await daemon.run { line in
                // Whoever waits for the line may be gone; those who ask the daemon are not.
                try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
            }
        } catch let error as RetrievalServerError {
            throw fail(error.description, error.exitCode)
        } catch let error as ConfigurationError {
            throw fail(error.description, RetrievalServerError.wrongConfiguration)
        }
    }

    private func settings() throws -> DaemonConfiguration {
        let file = config.map { URL(fileURLWithPath: $0) }
        var settings = try overlay(DaemonConfiguration(), file: file)
        settings.workspace = workspace ?? settings.workspace
        settings.socket = socket ?? settings.socket
        if let complaint = settings.complaint {
            throw ConfigurationError("\(config.map { $0 + ": " } ?? "")\(complaint)")
        }
        return settings
    }

    private func fail(_ message: String, _ code: Int32) -> ExitCode {
        try? FileHandle.standardError.write(contentsOf: Data("corkboardd: \(message)\n".utf8))
        return ExitCode(code)
    }

    private func logger(_ level: LogLevel) -> Logger {
        Logger(label: "corkboardd") { level.governing(StreamLogHandler.standardError(label: $0)) }
    }
}
