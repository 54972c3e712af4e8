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

    @Option(help: "The recall@10 that the index is tuned to reach.")
    var targetRecall = 0.95

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
            options.place.index(builder, publishing: !noPublish, progress: printer.show)
        )
    }
}

struct Recall: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure indexes against exact search: recall and latency.",
        discussion: """
            Without --kind the published generation is measured. With it, an index of each kind \
            is built from the newest embeddings, measured and removed again.
            """
    )

    @Option(name: .customShort("k"), help: "Candidates to compare.")
    var k = 10

    @Option(help: "A kind of index to measure; may be repeated.")
    var kind: [IndexKind] = []

    @Flag(help: "Measure every setting worth trying, not only the index's own.")
    var sweep = false

    @Option(help: "Items to search with.")
    var queries = 1000

    @Option(help: "The seed of the choice of queries.")
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.place.recall(
                k: k,
                kinds: kind,
                queries: queries,
                sweep: sweep,
                seed: seed,
                threads: threads.count,
                progress: printer.show
            )
        )
    }
}
