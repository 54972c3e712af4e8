import ArgumentParser
import Commands
import EmbeddingStore
import Vectors

struct ImportEmbeddings: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store vectors made elsewhere as a new embedding version.",
        discussion: """
            The vectors are the rows of a NumPy array (float32, float16 or uint8). The workspace \
            need not have a catalogue, and is made where it is missing. Without --ids the id of a \
            row is its number, with zeros before it so that the order of ids is that of the rows: \
            0000012 for row 12; seven digits, more above ten million rows.
            """
    )

    @Option(help: "The vectors, one a row (.npy).")
    var vectors: String

    @Option(help: "The ids, one a line, in the order of the rows.")
    var ids: String?

    @Option(help: "How near two vectors are: ip (inner product), cosine, or l2.")
    var metric = Metric.innerProduct

    @Option(help: "How exactly embeddings are kept: fp32, or fp16 in half the room.")
    var precision = Precision.fp32

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.importEmbeddings(
                file(vectors),
                ids: ids.map(file),
                metric: metric,
                precision: precision,
                progress: printer.show
            )
        )
    }
}

extension Metric: ExpressibleByArgument {}
