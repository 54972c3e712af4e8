import ArgumentParser
import Commands
import Configuration
import Foundation

struct Ablate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the paper's methods with ours on held-out pairs.",
        discussion: """
            Trains each row of the paper's tables on the imported graph, from several seeds, and \
            measures it on the pairs: hit-rate, MRR, the kurtosis of similarities, and time. The \
            workspace's own model and embeddings stay as they are.

            Settings come from the defaults without a validation part, then --config, then each \
            --set. The row "ours" has just these; the others have the paper's own form instead of \
            what the paper has not. Ctrl-C stops, and reports the runs that ended; exit codes \
            besides the usual: 130 stopped by Ctrl-C (SIGINT), 143 by SIGTERM.
            """
    )

    @Option(help: "Held-out pairs, one query<TAB>item a line.")
    var pairs: String

    @Option(help: "A YAML file of settings.")
    var config: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting, such as epochs=3; may be repeated.", valueName: "key=value")
    )
    var words: [String] = []

    @Option(help: "How many seeds to train each row from, at most 100.")
    var seeds = 3

    @Option(help: "What to compare; may be repeated.")
    var sweep: [SweepChoice] = [.only(.table1)]

    @Option(help: "A file for a chart of the hit-rates, as SVG.")
    var svg: String?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var options: WorkspaceOptions

    func validate() throws {
        guard (1...100).contains(seeds) else {
            throw ValidationError("--seeds must be from 1 to 100, not \(seeds)")
        }
    }

    func run() throws {
        let (printer, interruption) = (ProgressPrinter(), Interruption())
        let report = try options.workspace.ablate(
            pairs: file(pairs),
            sweeps: Sweep.allCases.filter { sweep.contains(.all) || sweep.contains(.only($0)) },
            seeds: seeds,
            settings: { try overlay($0, file: config.map(file), words: words) },
            chart: svg.map(file),
            threads: threads.threads,
            shouldStop: { interruption.exitCode != nil },
            progress: printer.show
        )
        try options.output.show(report)
        if report.interrupted, let code = interruption.exitCode {
            throw ExitCode(code)
        }
    }
}

/// A sweep, or all of them.
enum SweepChoice: ExpressibleByArgument, Equatable {
    case only(Sweep)
    case all

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let sweep = Sweep(rawValue: argument) {
            self = .only(sweep)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .only(let sweep): sweep.rawValue
        case .all: "all"
        }
    }

    static var allValueStrings: [String] { Sweep.allCases.map(\.rawValue) + ["all"] }
}
