import ArgumentParser
import Commands
import Vectors

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Embed every item with the trained model, as a new embedding version."
    )

    @Option(help: "How exactly embeddings are kept: fp32, or fp16 in half the room.")
    var precision = Precision.fp32

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.embed(
                precision: precision,
                threads: threads.count,
                progress: printer.show
            )
        )
    }
}

extension Precision: ExpressibleByArgument {}
