import Files
import Foundation
import Graph
import Sampling
import Vectors

/// Measures the speed of what a training run does, on generated graphs: walks, neighbourhoods, and
/// steps.
///
/// Beside walks and steps it measures, turn by turn, a plain loop that is bound by the same thing:
/// random reads, and a matrix product. A rate of the one as a share of the other says more of the
/// program, and less of the machine and its other work.
///
/// ```swift
/// print(try TrainingBench(threads: 2).run { _ in })
/// ```
package struct TrainingBench: Sendable {
    package let threads: Int
    /// How often everything is measured.
    package let repeats: Int
    /// The size of the graphs, as a share of what the report is meant for.
    package let scale: Double
    package let seed: UInt64

    package init(threads: Int, repeats: Int = 3, scale: Double = 1, seed: UInt64 = 1) {
        precondition(repeats > 0 && scale > 0, "a bench measures something, and once at least")
        self.threads = threads
        self.repeats = repeats
        self.scale = scale
        self.seed = seed
    }

    /// - Throws: the error of a file, where the graphs do not fit into the temporary folder.
    package func run(progress: ProgressHandler) throws -> TrainingBenchReport {
        keepFreedMemory()
        let walked = try graph(contexts: 500_000, items: 500_000, edges: 10_500_000, progress)
        // First, while the most memory that the process ever had is that of the graph.
        let neighbourhoods = measureNeighbourhoods(of: walked, progress)
        let walks = measureWalks(on: walked, progress)
        // The shape of MovieLens-1M.
        let learned = try graph(contexts: 6_040, items: 3_706, edges: 934_000, progress)
        return TrainingBenchReport(
            threads: threads,
            repeats: repeats,
            scale: scale,
            seed: seed,
            walks: walks,
            neighbourhoods: neighbourhoods,
            training: try measureTraining(on: learned, progress)
        )
    }

    /// `count` at this scale, at least 2.
    func scaled(_ count: Int) -> Int {
        max(2, Int((Double(count) * scale).rounded()))
    }

    /// A graph of `edges` drawn edges, of which repeated ones count once; all sizes are scaled.
    private func graph(
        contexts: Int,
        items: Int,
        edges: Int,
        _ progress: ProgressHandler
    ) throws -> Graph {
        let (contexts, items, edges) = (scaled(contexts), scaled(items), scaled(edges))
        progress(.line("drawing \(edges) edges of \(contexts) contexts and \(items) items"))
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("corkboard-bench-\(UUID().uuidString)")
        // The graph is mapped when it is returned, and needs its name no more: even a measurement
        // that is killed leaves nothing behind.
        defer { try? FileManager.default.removeItem(at: folder) }
        try makeFolder(at: folder)
        var builder = GraphBuilder(at: folder.appendingPathComponent("graph"), repeated: .ignore)
        for edge in ZipfEdges(
            edges,
            contexts: contexts,
            items: items,
            exponent: Self.exponent,
            seed: seed
        ) {
            try builder.append(edge)
        }
        return try builder.finish(
            contextCount: contexts,
            itemCount: items,
            in: .hugePages
        )
    }

    /// Of Zipf's law: about that of real catalogues.
    private static let exponent = 0.8
}
