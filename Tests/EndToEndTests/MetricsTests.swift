import Foundation
import TestSupport
import Testing

/// Where a daemon tells its metrics, or cannot.
struct MetricsTests {
    @Test func `a port that is taken keeps a daemon from starting, and it leaves no socket`()
        async throws
    {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data("metrics: 127.0.0.1:0\n".utf8).write(to: file)
            try await Daemon.serving(workspace, options: ["--config", file.path]) { daemon in
                var port: String?
                _ = try await daemon.running.wait(within: .seconds(30)) {
                    let log = daemon.running.soFar.errorOutput
                    port = log.firstMatch(of: #/address=(127\.0\.0\.1:[0-9]+)/#).map {
                        String($0.1)
                    }
                    return port != nil
                }
                let taken = try #require(port)
                try Data("metrics: \(taken)\n".utf8).write(to: file)
                let socket = workspace.path + ".second"
                let second = try await Program.corkboardd.run(
                    ["-w", workspace.path, "--socket", socket, "--config", file.path]
                )
                #expect(second.exitCode == 71 && second.output.isEmpty, "\(second)")
                #expect(
                    second.errorOutput.contains("cannot listen for metrics at \(taken): Address"),
                    "\(second)"
                )
                #expect(!FileManager.default.fileExists(atPath: socket))
            }
        }
    }
}
