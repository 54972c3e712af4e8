import Foundation
import TestSupport
import Testing

/// What `corkboard prune` takes away, and what it never does.
struct PruneTests {
    private let corkboard = Program.corkboard

    private struct Report: Decodable, Equatable {
        let generations: [Int]
        let embeddingVersions: [Int]
        let dryRun: Bool

        private enum CodingKeys: String, CodingKey {
            case generations
            case embeddingVersions = "embedding_versions"
            case dryRun = "dry_run"
        }
    }

    @Test func `old generations go with their embeddings, while a daemon serves one`() async throws
    {
        try await CircleWorkspace.with { workspace in
            let w = ["-w", workspace.path]
            let vectors = workspace.deletingLastPathComponent().appendingPathComponent("v.npy").path
            try await Daemon.serving(workspace) { daemon in
                // Three more versions, a generation of each; the third is not published.
                for options in [[], ["--no-publish"], []] {
                    try await corkboard.succeed(["import-embeddings", "--vectors", vectors] + w)
                    try await corkboard.succeed(["index", "--kind", "flat"] + options + w)
                }
                #expect(try await daemon.comes(toServe: 4))
                let before = try Snapshot(of: workspace)
                let plan = try await corkboard.json(
                    Report.self,
                    ["prune", "--keep", "1", "--dry-run"] + w
                )
                #expect(
                    plan == Report(generations: [1, 3], embeddingVersions: [1, 3], dryRun: true)
                )
                #expect(try Snapshot(of: workspace).changes(since: before) == [])
                let done = try await corkboard.json(Report.self, ["prune", "--keep", "1"] + w)
                #expect(
                    done == Report(generations: [1, 3], embeddingVersions: [1, 3], dryRun: false)
                )
                #expect(try await daemon.socket.candidates(for: "0000007", k: 3).count == 3)
                try await corkboard.succeed(["rollback"] + w)
                #expect(try await daemon.comes(toServe: 2))
            }
            try await corkboard.succeed(["verify"] + w)
            let again = try await corkboard.succeed(["prune", "--keep", "1"] + w)
            #expect(again.output == "nothing to remove\n", "\(again)")
        }
    }

    @Test func `nothing goes where it is not known what is published`() async throws {
        try await CircleWorkspace.with { workspace in
            let w = ["-w", workspace.path]
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            try Data().write(to: workspace.appendingPathComponent("CURRENT"))
            let before = try Snapshot(of: workspace)
            let outcome = try await corkboard.run(["prune", "--keep", "1"] + w)
            #expect(outcome.exitCode == 1)
            #expect(outcome.errorOutput.contains("corkboard publish 3"), "\(outcome)")
            #expect(try Snapshot(of: workspace).changes(since: before) == [])
            #expect(try await corkboard.run(["prune", "--keep", "0"] + w).exitCode == 64)
        }
    }
}
