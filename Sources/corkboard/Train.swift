import ArgumentParser
import Commands
import Configuration
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on the imported graph.",
        discussion: """
            Settings come from the defaults, then --config, then each --set. Files to start from \
            are in config/: content.yaml, cold.yaml, ids.yaml, quick.yaml.

            The folder model/ of the workspace keeps all of the run: config.yaml (its settings), \
            last.safetensors and best.safetensors (checkpoints), metrics.jsonl, and events for \
            TensorBoard. Ctrl-C saves and stops; --resume goes on where the run stopped, to the \
            same result as if it had not. Exit codes besides the usual: 130 stopped by Ctrl-C \
            (SIGINT), 143 by SIGTERM, with everything saved.
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

    @Flag(help: "Go on with the last run, under its settings and those given here.")
    var resume = false

    @OptionGroup var options: WorkspaceOptions

    func run() throws {
        let (printer, interruption) = (ProgressPrinter(), Interruption())
        let report = try options.workspace.train(
            resuming: resume,
            settings: { try overlay($0, file: config.map(file), words: words) },
            shouldStop: { interruption.exitCode != nil },
            progress: printer.show
        )
        try options.output.show(report)
        if report.interrupted, let code = interruption.exitCode {
            throw ExitCode(code)
        }
    }
}
