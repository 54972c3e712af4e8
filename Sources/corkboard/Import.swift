import ArgumentParser
import Commands

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a catalogue: edges and items.",
        discussion: """
            corkboard import --edges FILE [--items FILE] [--features FILE] reads files of your own \
            (see corkboard import files --help); corkboard import debian reads the packages of \
            this machine's archive.
            """,
        subcommands: [ImportFiles.self, ImportDebian.self],
        defaultSubcommand: ImportFiles.self
    )
}

struct ImportFiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "Import edges, and items with their content, from files.",
        discussion: """
            Edges: one a line, context<TAB>item[<TAB>weight[<TAB>time]], or the same with commas.
            Items: one JSON object a line with id, text, and any categorical or list fields.
            An import replaces the one before; embeddings and generations stay.
            """
    )

    @Option(help: "The edges (TSV or CSV).")
    var edges: String

    @Option(help: "The items (JSON lines); items that only edges name have no content.")
    var items: String?

    @Option(help: "Dense vectors (.npy), a row for each line of --items.")
    var features: String?

    @OptionGroup var options: WorkspaceOptions

    func validate() throws {
        guard features == nil || items != nil else {
            throw ValidationError("--features goes with --items")
        }
    }

    func run() throws {
        try options.output.show(
            options.workspace.importFiles(
                edges: file(edges),
                items: items.map(file),
                features: features.map(file)
            )
        )
    }
}

struct ImportDebian: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debian",
        abstract: "Import this machine's package archive: packages and what they depend on."
    )

    @Option(help: "Read the output of apt-cache dumpavail from this file instead.")
    var from: String?

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.importDebian(from: from.map(file), progress: printer.show)
        )
    }
}
