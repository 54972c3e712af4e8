import Glibc
import Graph
import Sampling
import Vectors

extension TrainingBench {
    private static let hops = 10

    /// Two walks from every connected item, in turn with random reads of the graph's neighbours.
    func measureWalks(
        on graph: Graph,
        _ progress: ProgressHandler
    ) -> TrainingBenchReport.WalkSpeed {
        let connected = graph.connectedItems
        let starts = connected + connected
        let walker = Walker(on: graph)
        let reads = RandomReads(of: graph.items, count: 2 * graph.edgeCount, seed: seed)
        func walk() -> Double {
            let seconds = seconds {
                _ = Walks(on: walker, from: starts, hops: Self.hops, seed: seed, threads: threads)
            }
            return Double(starts.count * Self.hops) / seconds
        }
        // The first turn brings the memory in.
        _ = (walk(), reads.rate(threads: threads))
        let turns = (1...repeats).map { turn in
            progress(.update("walks, \(turn) of \(repeats)"))
            return (hops: walk(), reads: reads.rate(threads: threads))
        }
        return TrainingBenchReport.WalkSpeed(
            graph: TrainingBenchReport.Size(of: graph),
            walks: starts.count,
            hops: Self.hops,
            hopRate: Rate(turns.map(\.hops)),
            readRate: Rate(turns.map(\.reads))
        )
    }

    /// The neighbourhoods of 100,000 items, or a fifth of all where those are fewer, spread evenly
    /// over the connected ones.
    func measureNeighbourhoods(
        of graph: Graph,
        _ progress: ProgressHandler
    ) -> TrainingBenchReport.NeighbourhoodSpeed {
        var settings = WalkSettings()
        (settings.walks, settings.length, settings.restart) = (200, 3, 0.5)
        settings.neighbours = 50
        let connected = graph.connectedItems
        let count = min(scaled(100_000), 100_000, connected.count)
        let items = (0..<count).map { connected[$0 * connected.count / count] }
        let walker = Walker(on: graph)
        let rates = (1...repeats).map { turn in
            progress(.update("neighbourhoods, \(turn) of \(repeats)"))
            let seconds = seconds {
                _ = Neighbourhoods(
                    of: items,
                    with: walker,
                    settings: settings,
                    seed: seed,
                    threads: threads
                )
            }
            return Double(count) / seconds
        }
        return TrainingBenchReport.NeighbourhoodSpeed(
            settings: settings,
            nodes: count,
            nodeRate: Rate(rates),
            graphBytes: graph.byteCount,
            peakBytes: peakResidentBytes()
        )
    }
}

/// The most memory that this process has had at once, in bytes.
private func peakResidentBytes() -> Int {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}

/// Reads of a graph's neighbours in random order, none waiting for another: what the memory can do
/// for walks.
private struct RandomReads: Sendable {
    private let adjacency: Adjacency
    private let places: [UInt32]

    /// Ready to read `count` random neighbours of `adjacency`.
    init(of adjacency: Adjacency, count: Int, seed: UInt64) {
        self.adjacency = adjacency
        var generator = SeededGenerator(seed: seed)
        places = (0..<count).map { _ in
            UInt32(generator.index(below: adjacency.neighbourCount))
        }
    }

    /// Reads a second.
    func rate(threads: Int) -> Double {
        var total: UInt32 = 0
        let seconds = seconds {
            let sums = mapInParallel(over: places.count, threads: threads) { range in
                let (neighbours, places) = (adjacency.neighbourSpan, places.span)
                var sum: UInt32 = 0
                for index in range {
                    sum &+= neighbours[Int(places[index])]
                }
                return sum
            }
            total = sums.reduce(0, &+)
        }
        // Without a use of the sum the loop could be left out.
        withExtendedLifetime(total) {}
        return Double(places.count) / seconds
    }
}
