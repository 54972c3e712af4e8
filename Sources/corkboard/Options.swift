import ArgumentParser
import Commands
import Foundation
import Wire

/// How a command tells what it came to.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    /// Prints the report; a full disk or a closed pipe is an error like any other.
    func show(_ report: some Report) throws {
        let text = (json ? try report.json() : printable(report.description)) + "\n"
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

/// The workspace that a command works on.
struct WorkspaceOptions: ParsableArguments {
    @Option(
        name: [.customShort("w"), .customLong("workspace")],
        help: ArgumentHelp("The workspace folder.", valueName: "folder")
    )
    var path = "./corkboard.d"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !path.isEmpty else { throw ValidationError("-w must name a folder") }
    }

    var workspace: Workspace { Workspace(at: file(path)) }
}

/// Where a daemon listens.
struct SocketOptions: ParsableArguments {
    @Option(help: "The daemon's socket (by default corkboardd.sock in the workspace).")
    var socket: String?

    @Option(
        name: [.customShort("w"), .long],
        help: "The workspace folder that the daemon serves."
    )
    var workspace = "./corkboard.d"

    @OptionGroup var output: OutputOptions

    /// The path of the socket.
    var path: String { socket ?? defaultSocket(workspace) }

    var daemon: DaemonClient { DaemonClient(socket: path) }
}

/// Where the daemon of a workspace listens unless told otherwise.
func defaultSocket(_ workspace: String) -> String {
    workspace + "/" + SocketPath.defaultName
}

/// The file at `path`, as it was given on the command line.
///
/// A tilde is a letter like any other: whoever wants a home folder has a shell that knows it.
func file(_ path: String) -> URL {
    URL(fileURLWithPath: path.hasPrefix("~") ? "./" + path : path)
}

struct ThreadOptions: ParsableArguments {
    @Option(help: "Threads to use, at most 1024; 0 stands for all processors.")
    var threads = 0

    func validate() throws {
        guard (0...1024).contains(threads) else {
            throw ValidationError("--threads must be from 0 to 1024, not \(threads)")
        }
    }

    var count: Int { threadCount(threads) }
}
