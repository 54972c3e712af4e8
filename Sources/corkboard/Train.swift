import ArgumentParser
import Commands
import Configuration
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on the imported graph.",
        discussion: """
            Settings come from the defaults, then --config, then each --set. Files to start from \
            are in config/: content.yaml for items that say something, cold.yaml where most \
            queries are about new items, ids.yaml for items without content, quick.yaml for a \
            first look, paper.yaml for the paper's own way. The run's config.yaml has every setting.

            The folder model/ of the workspace keeps all of the run: config.yaml (its settings), \
            last.safetensors and best.safetensors (checkpoints), metrics.jsonl, and events for \
            TensorBoard. A new run replaces the last one's with its first checkpoint. Ctrl-C saves \
            and stops, a second Ctrl-C stops at once; --resume goes on where the run stopped, to the \
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
