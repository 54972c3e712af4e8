import ArgumentParser
import Commands

struct BenchLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Put a load on a running daemon: recall, latency and calls a second.",
        discussion: """
            Every query is asked once, which warms the daemon up and measures recall; then calls \
            are timed, from before a request is written until its answer is read. Each connection \
            has a thread of its own that sends encoded requests and waits: what is measured is the \
            daemon and the socket. With --rate calls are made at fixed times, and each is timed \
            from the time at which it was due, so that waiting in line counts.
            """
    )

    @Option(help: "The vectors to search with, one a row (.npy).")
    var queries: String

    @Option(help: "For each query the rows of its nearest vectors (.npy), to measure recall.")
    var truth: String?

    @Option(help: "The ids of those rows, one a line (by default those of import-embeddings).")
    var ids: String?

    @Option(name: .customShort("k"), help: "How many candidates to ask for.")
    var k = 10

    @Option(help: "How thoroughly to search, in the index's unit; 0 for what it was tuned to.")
    var effort = 0

    @Option(help: "The recall to aim at, instead of an effort.")
    var recall: Double?

    @Option(help: "Connections, each with a thread of its own.")
    var connections = 1

    @Option(help: "Calls that are on their way on each connection.")
    var inFlight = 1

    @Option(help: "Make so many calls a second in all, whether or not answers have come.")
    var rate: Double?

    @Option(help: "How many calls to time (by default every query once, and at least 20000).")
    var calls: Int?

    @Option(
        help: "Microseconds for which a client looks for its answer before it sleeps; 0 for none."
    )
    var busyPoll = 0

    @OptionGroup var options: SocketOptions

    func validate() throws {
        try check(k, 1...10_000, "-k")
        try check(effort, 0...Int(UInt32.max), "--effort")
        guard recall.map({ $0 > 0 && $0 <= 1 }) ?? true else {
            throw ValidationError("--recall must be above 0 and at most 1, not \(recall ?? 0)")
        }
        guard recall == nil || effort == 0 else {
            throw ValidationError("--recall and --effort exclude each other")
        }
        try check(connections, 1...256, "--connections")
        try check(inFlight, 1...1024, "--in-flight")
        try check(busyPoll, 0...10_000, "--busy-poll")
        try check(calls ?? 1, 1...1_000_000_000, "--calls")
        guard rate.map({ $0 > 0 && $0 <= 1e7 }) ?? true else {
            throw ValidationError("--rate must be above 0 and at most 10000000, not \(rate ?? 0)")
        }
        guard rate == nil || inFlight == 1 else {
            throw ValidationError("--rate and --in-flight exclude each other")
        }
        guard ids == nil || truth != nil else { throw ValidationError("--ids goes with --truth") }
    }

    func run() async throws {
        var bench = LoadBench(socket: options.path, queries: file(queries))
        bench.truth = truth.map(file)
        bench.ids = ids.map(file)
        bench.k = k
        bench.effort = effort
        bench.recall = recall
        bench.connections = connections
        bench.inFlight = inFlight
        bench.rate = rate
        bench.calls = calls
        bench.busyPoll = busyPoll
        let printer = ProgressPrinter()
        try await options.output.show(bench.run(progress: printer.show))
    }

    private func check(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw ValidationError(
                "\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)"
            )
        }
    }
}
