import ArgumentParser
import Commands
import Indexes
import Retrieval

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
            options.workspace.recall(
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
