import Foundation
import TestSupport
import Testing

/// From an archive to measured embeddings, by the programs alone.
struct LearningTests {
    private let corkboard = Program.corkboard

    @Test func `training tells what it did`() async throws {
        try await TrainedWorkspace.copy { workspace in
            let report = try await corkboard.json(
                TrainingReport.self,
                ["train", "-w", workspace.path, "--set", "epochs=1"],
                timeout: .seconds(120)
            )
            #expect(report.epochs == 1)
            #expect(report.pairs > 0)
            #expect(report.seconds > 0)
            #expect(report.pairsPerSecond > 0)
        }
    }

    @Test(arguments: ["flat", "ivf", "lsh", "lshscan", "hnsw"])
    func `an index finds what exact search finds`(kind: String) async throws {
        try await TrainedWorkspace.copy { workspace in
            try await corkboard.succeed(["index", "-w", workspace.path, "--kind", kind])
            let report = try await corkboard.json(
                RecallReport.self,
                ["recall", "-w", workspace.path]
            )
            #expect(report.k == 10)
            let index = try #require(report.indexes.first)
            #expect(index.kind == kind)
            #expect(index.recall >= 0.95)
            #expect(index.p50 <= index.p99)
            #expect(index.bytes > 0)
        }
    }

    @Test func `a package finds the packages that it depends on`() async throws {
        try await TrainedWorkspace.copy { workspace in
            let pairs = workspace.appendingPathComponent("pairs.tsv")
            let dependencies = try ArchiveSample().dependencyPairs
            try dependencies.map { "\($0)\t\($1)\n" }.joined()
                .write(to: pairs, atomically: true, encoding: .utf8)
            let evaluate = ["evaluate", "-w", workspace.path, "--pairs", pairs.path, "--via"]

            let exact = try await corkboard.json(PairReport.self, evaluate + ["exact"])
            #expect(exact.pairs == dependencies.count)
            let hitRate = try #require(exact.hitRate["50"])
            // By chance 50 of about 300 items would hold it.
            #expect(hitRate > 0.4)

            let index = try await corkboard.json(PairReport.self, evaluate + ["index"])
            let cost = try #require(exact.hitRate["10"]) - #require(index.hitRate["10"])
            #expect(abs(cost) < 0.1)
            let socket = try await Daemon.serving(workspace) { daemon in
                try await corkboard.json(
                    PairReport.self,
                    evaluate + ["socket", "--socket", daemon.socket.path]
                )
            }
            #expect(socket == index)
        }
    }

    @Test func `the same seed gives the same embeddings`() async throws {
        try await TrainedWorkspace.copy { workspace in
            var embeddings: [Data] = []
            for generation in ["gen-000002", "gen-000003"] {
                for command in [
                    ["train", "--set", "epochs=1", "--set", "threads=1"],
                    ["embed", "--threads", "1"],
                    ["index", "--kind", "flat", "--no-publish"],
                ] {
                    try await corkboard.succeed(
                        command + ["-w", workspace.path],
                        timeout: .seconds(120)
                    )
                }
                let file = "generations/\(generation)/vectors.f32"
                embeddings.append(try Data(contentsOf: workspace.appendingPathComponent(file)))
            }
            #expect(!embeddings[0].isEmpty)
            #expect(embeddings[0] == embeddings[1])
        }
    }
}
