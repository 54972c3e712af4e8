import Foundation
import TestSupport
import Testing

/// Vectors made elsewhere, from their file to the answers of a daemon.
struct EmbeddingImportTests {
    private let corkboard = Program.corkboard

    @Test(arguments: ["ip", "cosine", "l2"], ["flat", "ivf", "lsh", "lshscan", "hnsw"])
    func `a new workspace serves them, by each metric and kind`(
        metric: String,
        kind: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let vectors = folder.appendingPathComponent("v.npy")
            try writeNumPy(Circles.points, element: "<f4", rows: 600, to: vectors)
            let w = ["-w", folder.appendingPathComponent("w").path]
            let report = try await corkboard.json(
                EmbeddingImportReport.self,
                ["import-embeddings", "--vectors", vectors.path, "--metric", metric] + w
            )
            #expect(report == .init(version: 1, items: 600, dimension: 8, metric: metric))
            try await corkboard.succeed(["index", "--kind", kind] + w)
            let recall = try await corkboard.json(RecallReport.self, ["recall"] + w)
            #expect(recall.indexes.allSatisfy { $0.recall >= 0.9 }, "\(recall)")
            let verified = try await corkboard.succeed(["verify"] + w)
            #expect(verified.output.contains("all is well"), "\(verified)")
        }
    }

    @Test func `a workspace with items takes them too, and keeps what it had`() async throws {
        try await TrainedWorkspace.copy { workspace in
            let folder = workspace.deletingLastPathComponent()
            let (vectors, ids) = (
                folder.appendingPathComponent("v.npy"), folder.appendingPathComponent("ids.txt")
            )
            let packages = try ArchiveSample().packages.map(\.id)
            let values = packages.indices.flatMap { row -> [UInt8] in [UInt8(row % 251), 1, 0, 7] }
            try writeNumPy(values, element: "|u1", rows: packages.count, to: vectors)
            try packages.joined(separator: "\n").write(to: ids, atomically: true, encoding: .utf8)
            let report = try await corkboard.json(
                EmbeddingImportReport.self,
                ["import-embeddings", "--vectors", vectors.path, "--ids", ids.path]
                    + ["--precision", "fp16", "-w", workspace.path]
            )
            #expect(
                report == .init(version: 2, items: packages.count, dimension: 4, metric: "ip")
            )
            try await corkboard.succeed(["index", "--kind", "flat", "-w", workspace.path])
            try await corkboard.succeed(["verify", "-w", workspace.path])
        }
    }

    @Test(arguments: [
        ([1, 2, 3, .nan] as [Float], "a\nb\n", ["b (row 1)", "not finite"]),
        ([1, 2, 3, 70_000], "a\nb\n", ["b (row 1)", "65504", "fp32"]),
        ([1, 2, 3, 4], "a\na\n", ["items 0 and 1", "a;"]),
        ([1, 2, 3, 4], "a\nb\nc\n", ["3 ids", "2 rows", "v.npy", "ids.txt"]),
    ])
    func `what cannot be served is refused, and no version is made`(
        values: [Float],
        ids: String,
        words: [String]
    ) async throws {
        try await withTemporaryFolder { folder in
            let (vectors, names) = (
                folder.appendingPathComponent("v.npy"), folder.appendingPathComponent("ids.txt")
            )
            try writeNumPy(values, element: "<f4", rows: 2, to: vectors)
            try ids.write(to: names, atomically: true, encoding: .utf8)
            let w = ["-w", folder.appendingPathComponent("w").path]
            let outcome = try await corkboard.run(
                ["import-embeddings", "--vectors", vectors.path, "--ids", names.path]
                    + ["--precision", "fp16"] + w
            )
            #expect(outcome.exitCode == 1, "\(outcome)")
            for word in words {
                #expect(outcome.errorOutput.contains(word), "\(word) in \(outcome)")
            }
            #expect(try await corkboard.run(["index"] + w).exitCode == 1)
        }
    }
}

/// What `corkboard import-embeddings --json` prints.
private struct EmbeddingImportReport: Decodable, Equatable {
    let version: Int
    let items: Int
    let dimension: Int
    let metric: String
}
