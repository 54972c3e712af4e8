import ArgumentParser
import Commands
import Configuration
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on the imported graph.",
        discussion: """
            Settings come from the defaults, then --config, then each --set. Files to start from \
            are in config/: content.yaml, ids.yaml, quick.yaml.
            """
    )

    @Option(help: "A YAML file of settings.")
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting, such as epochs=3 or walk.neighbours=50; may be repeated.",
            valueName: "key=value"
        )
    )
    var words: [String] = []

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let settings = try overlay(TrainingSettings(), file: config.map(file), words: words)
        let printer = ProgressPrinter()
        try options.output.show(options.workspace.train(settings, progress: printer.show))
    }
}
