import ArgumentParser
import Commands
import Foundation

/// How a command tells what it came to.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func show(_ report: some Report) throws {
        print(json ? try report.json() : report.description)
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

    var daemon: DaemonClient { DaemonClient(socket: socket ?? defaultSocket(workspace)) }
}

/// Where the daemon of a workspace listens unless told otherwise.
func defaultSocket(_ workspace: String) -> String {
    workspace + "/corkboardd.sock"
}

/// The file at `path`, as it was given on the command line.
func file(_ path: String) -> URL {
    URL(fileURLWithPath: path)
}

struct ThreadOptions: ParsableArguments {
    @Option(help: "Threads to use; 0 stands for all processors.")
    var threads = 0

    var count: Int { threadCount(threads) }
}
