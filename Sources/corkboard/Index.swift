import ArgumentParser
import Commands
import Indexes
import Retrieval
import Vectors

extension IndexKind: ExpressibleByArgument {}

struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build an index of the newest embeddings, measure it, and publish it."
    )

    @Option(help: "The kind of index.")
    var kind = IndexKind.ivf

    @Option(help: "The recall@k that a search for k candidates is tuned to reach.")
    var targetRecall = 0.99

    @Option(
        help: """
            Queries such as users ask (.npy) to measure with; by default items of the catalogue, \
            each without itself.
            """
    )
    var queries: String?

    @Flag(help: "Build and measure only.")
    var noPublish = false

    @Option(
        help: """
            Inverted lists (ivf); by default about twice the root of the items' number, or half or \
            twice as many where a search of many items then costs less.
            """
    )
    var lists: Int?

    @Option(
        help:
            "Bits of a code for each dimension (ivf): 1, 2, 4 or 8; by default 2, or 1 where a search then reads less."
    )
    var codeBits: Int?

    @Option(help: "Links of an item (hnsw), 2 to 256, twice as many on the lowest level.")
    var degree = 16

    @Option(help: "Tables of tokens (lsh), up to 255; by default 64.")
    var tables: Int?

    @Option(help: "Bits of a token (lsh), up to 24; by default lists have about 40 items.")
    var tokenBits: Int?

    @Option(
        help: """
            How exactly vectors are kept to rerank with: fp32 or fp16. By default fp16, but for \
            flat.
            """
    )
    var precision: Precision?

    @Option(help: "The seed of the index's random choices.")
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        var builder = GenerationBuilder(kind: kind, seed: seed, threads: threads.count)
        builder.targetRecall = targetRecall
        builder.lists = lists
        builder.dimensionBits = codeBits
        builder.tables = tables
        builder.degree = degree
        builder.tokenBits = tokenBits
        builder.precision = precision
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.index(
                builder,
                queries: queries.map(file),
                publishing: !noPublish,
                progress: printer.show
            )
        )
    }
}
