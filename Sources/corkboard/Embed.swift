import ArgumentParser
import Commands

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Embed every item with the trained model, as a new embedding version."
    )

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.embed(threads: threads.count, progress: printer.show)
        )
    }
}
