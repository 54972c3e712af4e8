import Foundation
import TestSupport
import Testing

/// The paper's tables, made again on the archive sample.
struct AblationTests {
    private static let patience = Duration.seconds(120)
    /// A small model, trained briefly.
    private static let small = [
        "epochs=1", "batch=256", "negatives=64", "walk.walks=20", "model.buckets=4096",
        "model.hidden=16", "model.dimension=16", "hard.walks=500",
    ].flatMap { ["--set", $0] }

    private let corkboard = Program.corkboard

    /// The command that measures on the sample's dependencies, which it writes beside `workspace`.
    private func ablate(_ workspace: URL) throws -> [String] {
        let pairs = workspace.deletingLastPathComponent().appendingPathComponent("pairs.tsv")
        try ArchiveSample().dependencyPairs.map { "\($0)\t\($1)\n" }.joined()
            .write(to: pairs, atomically: true, encoding: .utf8)
        return ["ablate", "-w", workspace.path, "--pairs", pairs.path] + Self.small
    }

    @Test func `all rows are trained and measured, and the workspace stays as it is`() async throws
    {
        try await TrainedWorkspace.copy { workspace in
            let chart = workspace.deletingLastPathComponent().appendingPathComponent("chart.svg")
            let before = try Snapshot(of: workspace)
            let report = try await corkboard.json(
                AblationReport.self,
                try ablate(workspace) + [
                    "--seeds", "1", "--threads", "1", "--sweep", "table1", "--sweep", "neighbours",
                    "--set", "walk.neighbours=20", "--svg", chart.path,
                ],
                timeout: Self.patience
            )

            #expect(report.pairs == (try ArchiveSample().dependencyPairs.count))
            #expect(!report.interrupted && report.notes.isEmpty)
            #expect(report.tables.map(\.sweep) == ["table1", "neighbours"])
            #expect(report.tables.map(\.rows.count) == [8, 3])
            let rows = report.tables.flatMap(\.rows)
            #expect(rows.allSatisfy { $0.runs.count == 1 })
            // By chance 10 of about 300 items would hold it.
            #expect(rows.allSatisfy { $0.runs[0].pairs.hitRate["10", default: 0] > 0.04 })
            // Equal settings and an equal seed: the same run under two names.
            let pinSage = try #require(rows.first { $0.name == "PinSage" })
            let twenty = try #require(rows.first { $0.name == "T 20" })
            #expect(pinSage.runs[0].pairs == twenty.runs[0].pairs)

            let svg = try String(contentsOf: chart, encoding: .utf8)
            #expect(rows.allSatisfy { svg.contains(">\($0.name)<") })
            #expect(try Snapshot(of: workspace).changes(since: before) == [])
        }
    }

    @Test func `a model that sees no content is not compared with content alone`() async throws {
        try await TrainedWorkspace.copy { workspace in
            let outcome = try await corkboard.succeed(
                try ablate(workspace) + ["--seeds", "2", "--set", "model.buckets=1"],
                timeout: Self.patience
            )
            #expect(outcome.output.contains("content alone is left out"), "\(outcome)")
            #expect(outcome.output.contains("seeds for each row: 2"), "\(outcome)")
        }
    }

    @Test func `an ablation that is stopped reports what it has, and leaves nothing`() async throws
    {
        try await TrainedWorkspace.copy { workspace in
            let before = try Snapshot(of: workspace)
            let running = try RunningProgram(
                corkboard,
                try ablate(workspace) + ["--seeds", "100", "--json"]
            )
            let hasBegun = try await running.wait(within: Self.patience) {
                running.soFar.errorOutput.contains("1 of 800, content alone, seed 1: hit-rate")
            }
            try #require(hasBegun)
            running.interrupt()
            let outcome = try #require(try await running.end(within: Self.patience))
            #expect(outcome.exitCode == 130, "\(outcome)")
            let report = try JSONDecoder()
                .decode(AblationReport.self, from: Data(outcome.output.utf8))
            #expect(report.interrupted)
            #expect(report.tables[0].rows.first?.name == "content alone")
            #expect(try Snapshot(of: workspace).changes(since: before) == [])
            let left = try FileManager.default.contentsOfDirectory(atPath: workspace.path)
            #expect(!left.contains { $0.hasPrefix(".ablate") })
        }
    }
}

/// What `corkboard ablate --json` prints.
private struct AblationReport: Decodable {
    struct Table: Decodable {
        let sweep: String
        let rows: [Row]
    }

    struct Row: Decodable {
        let name: String
        let runs: [Run]
    }

    struct Run: Decodable {
        let seed: Int
        let pairs: PairReport
    }

    let pairs: Int
    let tables: [Table]
    let notes: [String]
    let interrupted: Bool
}
