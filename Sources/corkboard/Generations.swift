import ArgumentParser
import Commands

struct Generations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the generations of the workspace.",
        discussion: """
            * marks the published generation, which a running daemon serves as soon as it has \
            checked it (corkboard status tells what it serves); ! marks one that is damaged. Each \
            line has the number, the kind of index and its setting, items x dimension, the \
            embedding version, and the recall measured against exact search.
            """
    )

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        try options.output.show(options.workspace.listGenerations())
    }
}

struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a generation; a running daemon takes it up by itself."
    )

    @Argument(help: "The number of the generation (by default the newest).")
    var generation: Int?

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        try options.output.show(options.workspace.publish(generation))
    }
}

struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Serve the newest sound generation below the published one that was published before."
    )

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        try options.output.show(options.workspace.rollback())
    }
}

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove old generations, and embeddings that none of the others needs.",
        discussion: """
            The published generation stays, what is newer, and the one that a rollback leads to, \
            however few are to be kept; so does the newest embedding version. A daemon that serves \
            what is removed goes on with it. The store's file keeps its size: what is freed in it \
            is used again.
            """
    )

    @Option(help: "How many generations to keep at least, the newest.")
    var keep = 3

    @Flag(help: "Only tell what would be removed.")
    var dryRun = false

    @OptionGroup var options: WorkspaceOptions

    func validate() throws {
        guard keep >= 1 else { throw ValidationError("--keep must be 1 or more, not \(keep)") }
    }

    func run() throws {
        try options.output.show(options.workspace.prune(keeping: keep, isRehearsal: dryRun))
    }
}
