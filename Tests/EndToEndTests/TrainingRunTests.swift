import Foundation
import TestSupport
import Testing

/// The life of a training run: stopped, resumed, and out of disk.
struct TrainingRunTests {
    private static let patience = Duration.seconds(120)
    /// Many small steps, and a small model.
    private static let settings = [
        "epochs=4", "batch=32", "negatives=32", "threads=1", "walk.walks=20", "model.buckets=8192",
        "model.hidden=16", "model.dimension=16",
    ].flatMap { ["--set", $0] }

    private let corkboard = Program.corkboard

    private func last(_ workspace: URL) throws -> Data {
        try Data(contentsOf: workspace.appendingPathComponent("model/last.safetensors"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a run that was stopped goes on to the bytes of one that was not`(
        signal: Int32
    ) async throws {
        try await TrainedWorkspace.copy { workspace in
            let w = ["-w", workspace.path]
            try await corkboard.succeed(
                ["train"] + Self.settings + w,
                timeout: Self.patience
            )
            let whole = try last(workspace)

            let running = try RunningProgram(corkboard, ["train"] + Self.settings + w)
            let isTraining = try await running.wait(within: Self.patience) {
                running.soFar.errorOutput.contains("epoch 1/4")
            }
            try #require(isTraining)
            if signal == SIGINT { running.interrupt() } else { running.terminate() }
            let outcome = try #require(try await running.end(within: Self.patience))
            #expect(outcome.exitCode == 128 + signal, "\(outcome)")
            let advice = "go on with: corkboard train --resume -w \(workspace.path)"
            #expect(outcome.errorOutput.contains(advice), "\(outcome)")
            #expect(try last(workspace) != whole)

            let report = try await corkboard.json(
                TrainingReport.self,
                ["train", "--resume"] + w,
                timeout: Self.patience
            )
            #expect(report.epochs == 4 && !report.interrupted && !report.stoppedEarly)
            #expect(try last(workspace) == whole)
        }
    }

    @Test func `a run that is over, other settings and another graph are told apart`() async throws
    {
        try await TrainedWorkspace.copy { workspace in
            let resume = ["train", "--resume", "-w", workspace.path]
            let before = try last(workspace)
            let over = try await corkboard.succeed(resume)
            #expect(over.errorOutput.contains("the run is over"))
            let settings = try await corkboard.run(resume + ["--set", "walk.walks=7"])
            #expect(settings.exitCode == 1)
            #expect(settings.errorOutput.contains("walk.walks=200, not 7"), "\(settings)")

            let edges = workspace.appendingPathComponent("edges.tsv")
            try Data("c\ta\nc\tb\n".utf8).write(to: edges)
            try await corkboard.succeed(["import", "--edges", edges.path, "-w", workspace.path])
            let graph = try await corkboard.run(resume)
            #expect(graph.exitCode == 1)
            #expect(graph.errorOutput.contains("is of the graph "), "\(graph)")
            #expect(try last(workspace) == before)
        }
    }

    @Test func `where the disk takes no checkpoint, the ones before stay`() async throws {
        try await TrainedWorkspace.copy { workspace in
            let model = workspace.appendingPathComponent("model")
            let before = try Snapshot(of: model)
            // A limit of 512,000 bytes a file stands for the full disk.
            let shell = Program(executable: URL(fileURLWithPath: "/bin/sh"))
            let outcome = try await shell.run(
                [
                    "-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\"",
                    corkboard.executable.path, "train", "-w", workspace.path,
                ] + Self.settings,
                timeout: Self.patience
            )
            #expect(outcome.exitCode == 1, "\(outcome)")
            #expect(outcome.errorOutput.contains("best.safetensors"), "\(outcome)")
            let changes = try Snapshot(of: model).changes(since: before)
            #expect(!changes.contains { $0.hasSuffix(".safetensors") || $0.hasSuffix(".tmp") })
            try await corkboard.succeed(["verify", "-w", workspace.path])
        }
    }
}
