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
        abstract: "Serve the newest sound generation below the published one."
    )

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        try options.output.show(options.workspace.rollback())
    }
}
