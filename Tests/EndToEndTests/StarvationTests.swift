import Foundation
import Testing

/// What a daemon does that may open no more files.
struct StarvationTests {
    /// The library that starts programs ended the whole daemon where it got some of its descriptors
    /// and not all, or started nothing ever after; where it failed in good order, a caller heard its
    /// words as INTERNAL.
    @Test func `without descriptors a generation is not published, and with them again it is`()
        async throws
    {
        try await CircleWorkspace.with { workspace in
            try await Daemon.serving(workspace) { daemon in
                // One of them is for the caller's connection.
                for count in 2...14 {
                    try await daemon.leave(descriptors: count)
                    let outcome = try await call("Control/Publish", #"{"generation": 1}"#, daemon)
                    #expect(outcome.exitCode == 8, "\(count): \(outcome) \(daemon.running.soFar)")
                    for part in ["Too many open files; this process may have", "LimitNOFILE"] {
                        #expect(outcome.errorOutput.contains(part), "\(outcome)")
                    }
                    try #require(daemon.running.isRunning, "\(count): \(daemon.running.soFar)")
                }
                let rebuild = try await call("Control/Rebuild", "{}", daemon)
                #expect(rebuild.exitCode == 8, "\(rebuild)")
                #expect(rebuild.errorOutput.contains("LimitNOFILE"), "\(rebuild)")
                try await daemon.limitFiles(to: 200)
                let outcome = try await call("Control/Publish", #"{"generation": 1}"#, daemon)
                #expect(outcome.exitCode == 0, "\(outcome)")
            }
        }
    }

    /// Whoever starts it may leave files open to it, of which no limit tells.
    @Test func `without descriptors for its event loops a daemon does not start`() async throws {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data("threads: 8\n".utf8).write(to: file)
            let crowd = "ulimit -n 100; for n in {3..90}; do eval \"exec $n</dev/null\"; done"
            let (program, arguments) = Daemon.command(
                for: workspace,
                options: ["--config", file.path],
                under: ["/bin/bash", "-c", crowd + "; exec \"$0\" \"$@\""]
            )
            let outcome = try await program.run(arguments)
            #expect(outcome.exitCode == 71, "\(outcome)")
            let words = "cannot make an event loop: Too many open files; raise the limit"
            #expect(outcome.errorOutput.contains(words), "\(outcome)")
        }
    }

    private func call(
        _ method: String,
        _ json: String,
        _ daemon: Daemon
    ) async throws -> Program.Outcome {
        try await Program.corkboard.run(["call", "--socket", daemon.socket.path, method, json])
    }
}
