import Foundation
import TestSupport
import Testing

/// A daemon that serves what was learned.
struct ServingTests {
    private let corkboard = Program.corkboard

    @Test func `neighbours mostly come from the package's own section`() async throws {
        let sample = try ArchiveSample()
        let sections = sample.sections
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                var (same, all) = (0, 0)
                for index in stride(from: 0, to: sample.packages.count, by: 15) {
                    let package = sample.packages[index]
                    for candidate in try await daemon.socket.candidates(for: package.id, k: 5) {
                        #expect(candidate.id != package.id)
                        same += sections[candidate.id] == package.section ? 1 : 0
                        all += 1
                    }
                }
                // There are about twelve groups; by chance one neighbour in twelve would fit.
                #expect(Double(same) > 0.6 * Double(all), "\(same) of \(all)")
            }
        }
    }

    @Test func `an answer tells the best candidates first, with their summaries`() async throws {
        let sample = try ArchiveSample()
        let package = try #require(sample.packages.first).id
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                let candidates = try await daemon.socket.candidates(for: package, k: 8)
                #expect(candidates.count == 8)
                let scores = candidates.map(\.score)
                #expect(scores == scores.sorted(by: >))
                #expect(candidates.map(\.summary) == candidates.map { sample.summaries[$0.id] })
            }
        }
    }

    @Test func `an answer for people is a line for each candidate`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                let package = try #require(try ArchiveSample().packages.first).id
                let candidates = try await daemon.socket.candidates(for: package, k: 3)
                let outcome = try await corkboard.succeed(
                    ["search", "--item", package, "-k", "3", "--socket", daemon.socket.path]
                )
                let lines = outcome.output.split(separator: "\n")
                for candidate in candidates {
                    let line = lines.first { $0.contains(" \(candidate.id) ") }
                    #expect(line?.contains(candidate.summary) == true, "\(outcome)")
                }
                #expect(outcome.output.contains("round trip"))
                #expect(outcome.errorOutput.isEmpty)
            }
        }
    }

    @Test func `an unknown item is refused by name`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                let outcome = try await corkboard.run(
                    ["search", "--item", "no-such-package", "--socket", daemon.socket.path]
                )
                #expect(outcome.exitCode != 0)
                #expect(outcome.errorOutput.contains("no-such-package"))
                #expect(daemon.running.isRunning)
            }
        }
    }

    @Test func `publish and rollback are picked up while searches go on`() async throws {
        let package = try #require(try ArchiveSample().packages.first).id
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                #expect(try await daemon.socket.generation() == 1)
                try await corkboard.succeed(
                    ["index", "-w", workspace.path, "--kind", "flat", "--no-publish"]
                )
                #expect(try await daemon.socket.generation() == 1)

                // Each of these searches throws if it does not succeed.
                let socket = daemon.socket
                async let searches: Void = {
                    for _ in 0..<20 {
                        _ = try await socket.candidates(for: package, k: 5)
                    }
                }()
                try await corkboard.succeed(["publish", "2", "-w", workspace.path])
                #expect(try await daemon.comes(toServe: 2))
                try await corkboard.succeed(["rollback", "-w", workspace.path])
                #expect(try await daemon.comes(toServe: 1))
                try await searches
            }
        }
    }

    @Test func `a second daemon on the socket ends with 75, the first serves on`() async throws {
        let package = try #require(try ArchiveSample().packages.first).id
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                let second = try await Program.corkboardd.run(["-w", workspace.path])
                #expect(second.exitCode == 75)
                #expect(second.errorOutput.contains(daemon.socket.path))
                #expect(!second.output.contains("READY"))
                let candidates = try await daemon.socket.candidates(for: package, k: 3)
                #expect(candidates.count == 3)
            }
        }
    }

    @Test func `a daemon that was killed leaves a socket that the next one takes`() async throws {
        let package = try #require(try ArchiveSample().packages.first).id
        try await TrainedWorkspace.copy { workspace in
            let first = try RunningProgram(.corkboardd, ["-w", workspace.path])
            let socket = Socket(of: workspace).path
            let serves = try await first.wait(within: .seconds(30)) {
                FileManager.default.fileExists(atPath: socket)
            }
            try #require(serves)
            first.kill()
            _ = try await first.end(within: .seconds(10))
            try await Daemon.serving(workspace) { daemon in
                let candidates = try await daemon.socket.candidates(for: package, k: 3)
                #expect(candidates.count == 3)
            }
        }
    }

    @Test func `a daemon that ends in good order leaves no socket`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { _ in }
            let socket = Socket(of: workspace).path
            #expect(!FileManager.default.fileExists(atPath: socket))
        }
    }
}
