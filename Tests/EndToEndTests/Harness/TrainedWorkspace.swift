import Foundation
import TestSupport

/// A workspace that has gone all the way from the archive sample to a published generation.
///
/// It is made once for all tests, which work on copies.
enum TrainedWorkspace {
    /// Enough for the sample's groups to come apart.
    static let epochs = 3

    private static let original = Task { try await make() }

    /// Runs `body` with a copy of the workspace, which is removed afterwards.
    @discardableResult
    static func copy<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let original = try await original.value
        return try await withTemporaryFolder { folder in
            let workspace = folder.appendingPathComponent("w")
            try FileManager.default.copyItem(at: original, to: workspace)
            return try await body(workspace)
        }
    }

    /// Makes the workspace beside the programs, so that it goes where the build goes.
    private static func make() async throws -> URL {
        let workspace = Program.corkboard.executable.deletingLastPathComponent()
            .appendingPathComponent("EndToEndTests.workspace")
        if FileManager.default.fileExists(atPath: workspace.path) {
            try FileManager.default.removeItem(at: workspace)
        }
        let corkboard = Program.corkboard
        let w = ["-w", workspace.path]
        try await corkboard.succeed(["import", "debian", "--from", archiveSampleURL().path] + w)
        try await corkboard.succeed(
            ["train", "--set", "epochs=\(epochs)"] + w,
            timeout: .seconds(300)
        )
        try await corkboard.succeed(["embed"] + w)
        try await corkboard.succeed(["index", "--kind", "ivf"] + w)
        return workspace
    }
}
