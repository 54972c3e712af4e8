import Foundation
import TestSupport
import Testing

/// The measuring commands, on graphs that are small enough for every day.
struct BenchTests {
    private let corkboard = Program.corkboard
    private let small = ["bench", "train", "--scale", "0.01", "--repeats", "1"]

    @Test func `bench train measures every part at the scale it was given`() async throws {
        let report = try await corkboard.json(
            TrainingBenchReport.self,
            small + ["--threads", "1", "--seed", "7"],
            timeout: .seconds(300)
        )

        #expect(report.seed == 7 && report.threads == 1)
        let walks = report.walks
        #expect(walks.graph.items == 5_000 && walks.graph.contexts == 5_000)
        // Repeated edges count once, so there are fewer than were drawn; most are not repeated.
        #expect((50_000..<105_000).contains(walks.graph.edges))
        // Two from every connected item.
        #expect(walks.walks.isMultiple(of: 2) && (8_000...10_000).contains(walks.walks))
        #expect(report.neighbourhoods.nodes == 1_000)
        // 200 walks of 1, 1/2, 1/4 steps of two hops.
        #expect(report.neighbourhoods.hopsPerNode == 700)
        // Two directions of four bytes an edge, and eight for each context and item.
        let size = 8 * walks.graph.edges + 8 * 10_000
        #expect(abs(report.neighbourhoods.graphBytes - size) < 1_000)
        #expect(report.neighbourhoods.peakBytes > size)
        #expect(report.training.graph.items == 37 && report.training.graph.contexts == 60)
        #expect(report.training.steps >= 1)
        // The scores of 512 pairs and 500 negatives alone, forwards and backwards.
        #expect(report.training.flopsPerStep > 6 * 512 * 500 * 64)
        for rate in [
            walks.hopsPerSecond, walks.readsPerSecond, report.neighbourhoods.nodesPerSecond,
            report.training.pairsPerSecond, report.training.flopsPerSecond,
        ] {
            #expect(rate.median > 0 && rate.least == rate.median && rate.most == rate.median)
        }
        for share in [walks.share, report.training.share] {
            #expect(share > 0 && share.isFinite)
        }
    }

    @Test func `bench train tells people every rate and leaves nothing behind`() async throws {
        try await withTemporaryFolder { folder in
            let env = Program(executable: URL(fileURLWithPath: "/usr/bin/env"))
            let outcome = try await env.succeed(
                ["TMPDIR=\(folder.path)", corkboard.executable.path] + small,
                timeout: .seconds(300)
            )

            for name in ["hops/s", "neighbourhoods/s", "pairs/s", "reads/s", "GFLOP/s"] {
                #expect(outcome.output.contains(name), "\(outcome)")
            }
            #expect(outcome.errorOutput.contains("drawing 105000 edges"), "\(outcome)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func `bench train that cannot write names what it could not make`() async throws {
        let env = Program(executable: URL(fileURLWithPath: "/usr/bin/env"))
        let outcome = try await env.run(
            ["TMPDIR=/proc/nowhere", corkboard.executable.path] + small
        )
        #expect(outcome.exitCode == 1, "\(outcome)")
        #expect(outcome.errorOutput.contains("/proc/nowhere"), "\(outcome)")
    }

    @Test(arguments: [["--scale", "0"], ["--scale", "nan"], ["--repeats", "0"]])
    func `bench train refuses what cannot be measured, by its name`(
        words: [String]
    ) async throws {
        let outcome = try await corkboard.run(["bench", "train"] + words)
        #expect(outcome.exitCode == 64, "\(outcome)")
        #expect(outcome.errorOutput.contains("\(words[0]) must be"), "\(outcome)")
    }
}

/// What `corkboard bench train --json` prints.
private struct TrainingBenchReport: Decodable {
    struct Rate: Decodable {
        let median: Double
        let least: Double
        let most: Double
    }

    struct Size: Decodable {
        let items: Int
        let contexts: Int
        let edges: Int
    }

    struct WalkSpeed: Decodable {
        let graph: Size
        let walks: Int
        let hopsPerSecond: Rate
        let readsPerSecond: Rate
        let share: Double

        private enum CodingKeys: String, CodingKey {
            case graph, walks, share
            case hopsPerSecond = "hops_per_second"
            case readsPerSecond = "reads_per_second"
        }
    }

    struct NeighbourhoodSpeed: Decodable {
        let nodes: Int
        let nodesPerSecond: Rate
        let hopsPerNode: Double
        let graphBytes: Int
        let peakBytes: Int

        private enum CodingKeys: String, CodingKey {
            case nodes
            case nodesPerSecond = "nodes_per_second"
            case hopsPerNode = "hops_per_node"
            case graphBytes = "graph_bytes"
            case peakBytes = "peak_bytes"
        }
    }

    struct StepSpeed: Decodable {
        let graph: Size
        let steps: Int
        let pairsPerSecond: Rate
        let flopsPerStep: Double
        let flopsPerSecond: Rate
        let share: Double

        private enum CodingKeys: String, CodingKey {
            case graph, steps, share
            case pairsPerSecond = "pairs_per_second"
            case flopsPerStep = "flops_per_step"
            case flopsPerSecond = "flops_per_second"
        }
    }

    let seed: Int
    let threads: Int
    let walks: WalkSpeed
    let neighbourhoods: NeighbourhoodSpeed
    let training: StepSpeed
}
