import ArgumentParser
import Commands
import Foundation

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the daemon serves, and how it does.",
        discussion: """
            Times are of calls since the daemon began, from a request's arrival to the writing of \
            its answer. Live recall is that of a share of the real searches (recall_sample in the \
            daemon's configuration), compared with exact search on spare time.
            """
    )

    @Option(
        defaultAsFlag: 2,
        help: ArgumentHelp(
            "Show it again every so many seconds, until interrupted.",
            valueName: "seconds"
        )
    )
    var watch: Double?

    @OptionGroup var options: SocketOptions

    func validate() throws {
        guard let watch else { return }
        guard (0.1...86_400).contains(watch) else {
            throw ValidationError("--watch must be from 0.1 to 86400 seconds, not \(watch)")
        }
        guard !options.output.json else {
            throw ValidationError("--watch and --json exclude each other; give one of them")
        }
    }

    func run() async throws {
        guard let watch else {
            try await options.output.show(options.daemon.status())
            return
        }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        try await options.daemon.watch(every: .seconds(watch), onTerminal: isTerminal) { text in
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        }
    }
}
