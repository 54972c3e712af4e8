import Foundation
import TestSupport
import Testing

/// Bytes that changed by themselves.
struct DamageTests {
    private let corkboard = Program.corkboard

    @Test func `a workspace that nobody touched is found sound`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await corkboard.succeed(["verify", "-w", workspace.path])
        }
    }

    @Test(arguments: [
        "graph/graph.csr",
        "model/last.safetensors", "model/best.safetensors",
        "generations/gen-000001/lists",
        "generations/gen-000001/vectors.f16",
        "generations/gen-000001/ids",
    ])
    func `a flipped byte in a file is found, and the file named`(path: String) async throws {
        try await TrainedWorkspace.copy { workspace in
            let file = workspace.appendingPathComponent(path)
            try flip(file) { $0.count / 2..<$0.count / 2 + 1 }
            let outcome = try await corkboard.run(["verify", "-w", workspace.path])
            #expect(outcome.exitCode != 0)
            #expect((outcome.output + outcome.errorOutput).contains(file.lastPathComponent))
        }
    }

    @Test func `a flipped byte in a record of the store is found`() async throws {
        let text = try #require(try ArchiveSample().packages.first { $0.summary.count > 20 })
            .summary
        try await TrainedWorkspace.copy { workspace in
            let file = workspace.appendingPathComponent("store/data.mdb")
            // Pages that are no longer in use may hold copies: flip the first byte of each.
            while let range = try Data(contentsOf: file).range(of: Data(text.utf8)) {
                try flip(file) { _ in range.lowerBound..<range.lowerBound + 1 }
            }
            let outcome = try await corkboard.run(["verify", "-w", workspace.path])
            #expect(outcome.exitCode != 0)
        }
    }

    @Test func `a damaged generation is not published`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await corkboard.succeed(["index", "-w", workspace.path, "--no-publish"])
            let index = workspace.appendingPathComponent("generations/gen-000002/lists")
            try flip(index) { $0.count / 2..<$0.count / 2 + 1 }
            let outcome = try await corkboard.run(["publish", "2", "-w", workspace.path])
            #expect(outcome.exitCode != 0)
            #expect(outcome.errorOutput.contains("lists"))
            let current = workspace.appendingPathComponent("CURRENT")
            #expect(try String(contentsOf: current, encoding: .utf8) == "gen-000001\n")
        }
    }

    /// Turns over the lowest bit of the bytes that `range` picks.
    private func flip(_ file: URL, _ range: (Data) -> Range<Int>) throws {
        var bytes = try Data(contentsOf: file)
        for index in range(bytes) {
            bytes[index] ^= 1
        }
        try bytes.write(to: file)
    }
}
