import ArgumentParser
import Commands

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure speed.",
        discussion: """
            corkboard bench --queries FILE puts a load on a running daemon (see corkboard bench \
            load --help); corkboard bench exact measures exact searches beside the memory's \
            bandwidth; corkboard bench train measures training.
            """,
        subcommands: [BenchLoad.self, BenchExact.self, BenchTrain.self],
        defaultSubcommand: BenchLoad.self
    )
}

struct BenchExact: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exact",
        abstract: "Measure exact searches beside a plain read of the same vectors.",
        discussion: """
            An exact search reads all vectors of the published generation, so memory bounds it. \
            One thread searches and reads in turn, and the ratio of each pair is told. For an \
            index without codes beside its vectors: corkboard index --kind flat.
            """
    )

    @Option(name: .customShort("k"), help: "Candidates of a search.")
    var k = 10

    @Option(help: "How often to measure.")
    var rounds = 15

    @OptionGroup var options: WorkspaceOptions

    func validate() throws {
        guard (1...1000).contains(rounds) else {
            throw ValidationError("--rounds must be from 1 to 1000, not \(rounds)")
        }
    }

    func run() throws {
        let printer = ProgressPrinter()
        try options.output.show(
            options.workspace.benchExact(k: k, rounds: rounds, progress: printer.show)
        )
    }
}

struct BenchTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Measure the speed of walks, neighbourhoods and training steps.",
        discussion: """
            Everything is measured on graphs that are generated from the seed, in the system's \
            temporary folder, which needs about 1 GB at scale 1. Random reads and a matrix product \
            are measured in turn with it, and say what the machine could do in the same minute. \
            Measure builds of swift build -c release, on a machine that does nothing else.
            """
    )

    @Option(help: "How often to measure; the median, the least and the most are told.")
    var repeats = 3

    @Option(help: "The size of the graphs: 1 as in docs/results, less for a quick look.")
    var scale = 1.0

    @Option(help: "The seed of the graphs, the walks and the training.")
    var seed: UInt64 = 1

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(repeats) else {
            throw ValidationError("--repeats must be from 1 to 1000, not \(repeats)")
        }
        guard (0.001...10).contains(scale) else {
            throw ValidationError("--scale must be from 0.001 to 10, not \(scale)")
        }
    }

    func run() throws {
        let bench = TrainingBench(
            threads: threads.count,
            repeats: repeats,
            scale: scale,
            seed: seed
        )
        let printer = ProgressPrinter()
        try output.show(bench.run(progress: printer.show))
    }
}
