import Foundation
import Testing

/// What scripts ask the daemon, and what its shell makes of it.
struct AskingTests {
    private let corkboard = Program.corkboard

    @Test func `a recommendation leaves its history out`() async throws {
        let history = try ArchiveSample().packages.prefix(3).map(\.id)
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                for mode in [[], ["--merged"]] {
                    let report = try await corkboard.json(
                        SearchReport.self,
                        ["recommend", "--item", history[0] + "=2", history[1], history[2]]
                            + ["-k", "5", "--socket", daemon.socket.path] + mode
                    )
                    let found = report.queries.flatMap(\.candidates).map(\.id)
                    #expect(found.count == 5)
                    #expect(Set(found).isDisjoint(with: history), "\(found)")
                }
            }
        }
    }

    @Test func `a call exits with the code of its status`() async throws {
        try await TrainedWorkspace.copy { workspace in
            try await Daemon.serving(workspace) { daemon in
                func call(_ arguments: String...) async throws -> Program.Outcome {
                    let all = ["call"] + arguments + ["--socket", daemon.socket.path]
                    return try await corkboard.run(all)
                }
                let health = try await call("Retrieval/Health")
                #expect(health.exitCode == 0 && health.output.contains(#""SERVING""#))
                let unknown = #"{"item_ids": ["no-such-package"], "k": 1}"#
                let missing = try await call("Retrieval/Related", unknown)
                #expect(missing.exitCode == 5 && missing.output.isEmpty, "\(missing)")
                #expect(missing.errorOutput.contains("no-such-package"))
                #expect(try await call("Retrieval/Related", "[").exitCode == 3)
                let misspelt = try await call("Retrieval/Related", #"{"itmes": ["a"]}"#)
                #expect(misspelt.exitCode == 3)
                #expect(misspelt.errorOutput.contains("no field itmes; its fields are effort,"))
                #expect(try await call("Retrieval/Nothing").exitCode == 12)
                #expect(try await call("Control/Cancel", #"{"stream_id": 7}"#).exitCode == 0)
            }
        }
    }

    @Test func `a weight below zero is refused by name`() async throws {
        let outcome = try await corkboard.run(["recommend", "--item", "nginx=-1"])
        #expect(outcome.exitCode == 64, "\(outcome)")
        #expect(outcome.errorOutput.contains("the weight of nginx is -1.0"), "\(outcome)")
    }

    @Test func `a call without a daemon is UNAVAILABLE`() async throws {
        let outcome = try await corkboard.run(["call", "Retrieval/Info", "--socket", "/nowhere/s"])
        #expect(outcome.exitCode == 14)
        #expect(outcome.errorOutput.contains("corkboardd -w WORKSPACE --socket /nowhere/s"))
    }
}
