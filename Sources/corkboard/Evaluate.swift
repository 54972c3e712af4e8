import ArgumentParser
import Commands

extension Via: ExpressibleByArgument {}

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how well the embeddings rank held-out pairs or edges.",
        discussion: """
            With --pairs, the hit-rate and MRR of the item of each pair among all items, for the \
            pair's query. With --edges, the recall and NDCG of each context's held-out items, the \
            query being the mean of its other items.
            """
    )

    @Option(help: "Pairs, one query<TAB>item a line.")
    var pairs: String?

    @Option(help: "Held-out edges, one context<TAB>item a line.")
    var edges: String?

    @Option(help: "With --edges: rank only the items of this file, one id a line.")
    var cold: String?

    @Option(help: "Who answers: exact search, the published index, or a daemon.")
    var via = Via.exact

    @Option(help: "The daemon's socket (by default corkboardd.sock in the workspace).")
    var socket: String?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func validate() throws {
        guard (pairs == nil) != (edges == nil) else {
            throw ValidationError("give either --pairs FILE or --edges FILE")
        }
        guard cold == nil || edges != nil else {
            throw ValidationError("--cold goes with --edges")
        }
    }

    func run() async throws {
        let socket = socket ?? defaultSocket(options.path)
        let printer = ProgressPrinter()
        if let pairs {
            try await options.output.show(
                options.workspace.evaluate(
                    pairs: file(pairs),
                    via: via,
                    socket: socket,
                    threads: threads.count,
                    progress: printer.show
                )
            )
        } else if let edges {
            try await options.output.show(
                options.workspace.evaluate(
                    edges: file(edges),
                    cold: cold.map(file),
                    via: via,
                    socket: socket,
                    threads: threads.count,
                    progress: printer.show
                )
            )
        }
    }
}
