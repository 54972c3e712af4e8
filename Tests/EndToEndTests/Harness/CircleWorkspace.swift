import Foundation
import TestSupport

/// A workspace of vectors that were made elsewhere, with a generation: quick to make, for tests that
/// do not care what is served.
enum CircleWorkspace {
    /// Runs `body` with the workspace, which is removed afterwards with the folder around it.
    static func with(_ body: (URL) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let workspace = folder.appendingPathComponent("w")
            let vectors = folder.appendingPathComponent("v.npy")
            try writeNumPy(Circles.points, element: "<f4", rows: 600, to: vectors)
            let corkboard = Program.corkboard
            let w = ["-w", workspace.path]
            try await corkboard.succeed(["import-embeddings", "--vectors", vectors.path] + w)
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            try await body(workspace)
        }
    }
}
