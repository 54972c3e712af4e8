import ArgumentParser
import Commands
import Retrieval

extension IndexKind: ExpressibleByArgument {}

struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build an index of the newest embeddings, measure it, and publish it."
    )

    @Option(help: "The kind of index.")
    var kind = IndexKind.ivf

    @Option(help: "The recall@k that a search for k candidates is tuned to reach.")
    var targetRecall = 0.99

    @Flag(help: "Build and measure only.")
    var noPublish = false

    @Option(help: "The seed of the index's random choices.")
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        var builder = GenerationBuilder(kind: kind, seed: seed, threads: threads.count)
        builder.targetRecall = targetRecall
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.index(builder, publishing: !noPublish, progress: printer.show)
        )
    }
}
