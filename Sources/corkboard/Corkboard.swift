import ArgumentParser
import Wire

/// The trainer and all tools: `corkboard`.
@main
struct Corkboard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corkboard",
        abstract: "Learn embeddings of items from what people put together, and serve them.",
        discussion: """
            The usual order: import, train, embed, index, then corkboardd to serve; for vectors \
            that you have already: import-embeddings, index, corkboardd.
            Every command takes --json for one JSON object on the standard output; progress goes \
            to the standard error stream. Exit codes: 0 done, 1 failed, 64 wrong usage.
            """,
        version: CorkboardVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Build",
                subcommands: [
                    Import.self, Train.self, Embed.self, ImportEmbeddings.self, Index.self,
                ]
            ),
            CommandGroup(
                name: "Measure",
                subcommands: [Recall.self, Evaluate.self, Ablate.self, Bench.self, Verify.self]
            ),
            CommandGroup(
                name: "Generations",
                subcommands: [Generations.self, Publish.self, Rollback.self, Prune.self]
            ),
            CommandGroup(
                name: "Ask the daemon",
                subcommands: [Search.self, Recommend.self, Get.self, Status.self, Call.self]
            ),
        ]
    )
}
