import ArgumentParser
import Commands

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every checksum in the workspace; exit with 1 where one is wrong."
    )

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        let report = try options.workspace.verify(progress: printer.show)
        try options.output.show(report)
        guard report.damaged.isEmpty else { throw ExitCode.failure }
    }
}
