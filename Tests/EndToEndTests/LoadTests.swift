import Foundation
import TestSupport
import Testing

/// A load on a daemon that serves vectors whose nearest are known.
struct LoadTests {
    private let corkboard = Program.corkboard

    @Test func `a daemon is measured: recall, latency and calls a second`() async throws {
        try await withTemporaryFolder { folder in
            let (vectors, truth) = (
                folder.appendingPathComponent("v.npy"), folder.appendingPathComponent("t.npy")
            )
            try writeNumPy(Circles.points, element: "<f4", rows: 600, to: vectors)
            try writeNumPy(Circles.nearest, element: "<i4", rows: 600, to: truth)
            let workspace = folder.appendingPathComponent("w")
            let w = ["-w", workspace.path]
            try await corkboard.succeed(
                ["import-embeddings", "--vectors", vectors.path, "--metric", "l2"] + w
            )
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            try await Daemon.serving(workspace) { daemon in
                let bench =
                    ["bench", "--queries", vectors.path, "--socket", daemon.socket.path]
                    + ["--calls", "1000"]
                let withTruth = ["--truth", truth.path, "-k", "3"]
                for pace in [
                    ["--connections", "1"], ["--connections", "3", "--in-flight", "8"],
                    ["--rate", "5000"], ["--recall", "0.9"],
                ] {
                    let report = try await corkboard.json(
                        LoadReport.self,
                        bench + withTruth + pace
                    )
                    #expect(report.queries == 600 && report.recall == 1, "\(report)")
                    #expect(report.calls >= 1_000 && report.qps > 0, "\(report)")
                    #expect(
                        report.p50 > 0 && report.p50 <= report.p99 && report.p99 <= report.p999,
                        "\(report)"
                    )
                }
                #expect(try await corkboard.json(LoadReport.self, bench).recall == nil)
                let outcome = try await corkboard.succeed(bench)
                #expect(outcome.output.contains("recall not measured"), "\(outcome)")
                #expect(outcome.output.contains("calls/s"), "\(outcome)")

                let short = try await corkboard.run(bench + ["--truth", truth.path])
                #expect(short.exitCode == 1, "\(short)")
                #expect(short.errorOutput.contains("3 nearest rows, fewer than k = 10"))
                let other = folder.appendingPathComponent("other.npy")
                try writeNumPy(Circles.points, element: "<f4", rows: 1_200, to: other)
                let refused = try await corkboard.run(
                    ["bench", "--queries", other.path, "--socket", daemon.socket.path]
                )
                #expect(refused.exitCode == 1, "\(refused)")
                #expect(refused.errorOutput.contains("dim"), "\(refused)")
            }
        }
    }

    @Test(arguments: [
        ["--in-flight", "0"], ["--connections", "0"], ["--rate", "0"], ["-k", "0"],
        ["--calls", "0"], ["--recall", "1.5"],
    ])
    func `bench refuses what cannot be measured, by its name`(words: [String]) async throws {
        let outcome = try await corkboard.run(["bench", "--queries", "q.npy"] + words)
        #expect(outcome.exitCode == 64, "\(outcome)")
        #expect(outcome.errorOutput.contains("\(words[0]) must be"), "\(outcome)")
    }
}

/// What `corkboard bench --json` prints.
private struct LoadReport: Decodable {
    let queries: Int
    let recall: Double?
    let calls: Int
    let qps: Double
    let p50: Double
    let p99: Double
    let p999: Double

    private enum CodingKeys: String, CodingKey {
        case queries, recall, calls, qps
        case p50 = "p50_us"
        case p99 = "p99_us"
        case p999 = "p999_us"
    }
}
