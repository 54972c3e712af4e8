import Foundation
import TestSupport
import Testing

/// The way on after something went wrong with what is published, or with a build.
struct RecoveryTests {
    private let corkboard = Program.corkboard

    /// Three generations, of which the first two were published, with a damaged `CURRENT`.
    private func withDamage(_ current: String, _ body: (URL) async throws -> Void) async throws {
        try await CircleWorkspace.with { workspace in
            let w = ["-w", workspace.path]
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            try await corkboard.succeed(["index", "--kind", "flat", "--no-publish"] + w)
            try Data(current.utf8).write(to: workspace.appendingPathComponent("CURRENT"))
            try await body(workspace)
        }
    }

    @Test(arguments: [("", 1), ("\u{0}\u{0}\u{0}", 1), ("gen-000009\n", 2)])
    func `with a damaged CURRENT every command says how to go on, and the daemon serves`(
        current: String,
        before: Int
    ) async throws {
        try await withDamage(current) { workspace in
            let w = ["-w", workspace.path]
            let list = try await corkboard.succeed(["generations"] + w).output
            #expect(list.split(separator: "\n").count == 4, "\(list)")
            #expect(!list.contains("*"), "\(list)")
            #expect(list.contains("corkboard publish 2"), "\(list)")
            let recall = try await corkboard.run(["recall"] + w)
            #expect(recall.exitCode == 1)
            #expect(recall.errorOutput.contains("corkboard publish"), "\(recall)")
            try await Daemon.serving(workspace) { daemon in
                #expect(try await daemon.socket.generation() == 2)
                let status = try await corkboard.succeed(["status", "--socket", daemon.socket.path])
                #expect(status.output.contains("which was published earlier"), "\(status)")
                #expect(!status.output.contains("still serving"), "\(status)")
                let back = try await corkboard.succeed(["rollback"] + w)
                #expect(back.output.contains("generation \(before) is published"), "\(back)")
                #expect(try await daemon.comes(toServe: before))
            }
            let mended = try await corkboard.succeed(["generations"] + w).output
            #expect(mended.contains("* "), "\(mended)")
        }
    }

    @Test func `what killed commands left is removed by the next one`() async throws {
        try await withTemporaryFolder { folder in
            let (vectors, workspace) = (
                folder.appendingPathComponent("v.npy"), folder.appendingPathComponent("w")
            )
            let (rows, w) = (30_000, ["-w", workspace.path])
            let values = (0..<rows * 16).map { Float(($0 &* 7_919) % 1_009) }
            try writeNumPy(values, element: "<f4", rows: rows, to: vectors)
            try await corkboard.succeed(["import-embeddings", "--vectors", vectors.path] + w)
            for (count, arguments) in [(1, ["index"]), (2, ["recall"])] {
                let running = try RunningProgram(corkboard, arguments + ["--kind", "hnsw"] + w)
                let hasBegun = try await running.wait(within: .seconds(60)) {
                    try leftovers(in: workspace).count == count
                }
                #expect(hasBegun && running.isRunning)
                running.kill()
                _ = try await running.end(within: .seconds(10))
            }
            let torn = workspace.appendingPathComponent("model/.last.safetensors.1.2.tmp")
            try FileManager.default.createDirectory(
                at: torn.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("half".utf8).write(to: torn)
            #expect(try leftovers(in: workspace).count == 3)
            try await corkboard.succeed(["index", "--kind", "flat"] + w)
            #expect(try leftovers(in: workspace) == [])
            try await corkboard.succeed(["verify"] + w)
        }
    }

    /// The paths of what is not to stay: folders and files under names for the time being.
    private func leftovers(in workspace: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: workspace.path).filter { path in
            let name = path.split(separator: "/").last ?? ""
            return path.hasPrefix("generations/tmp-") && !path.dropFirst(12).contains("/")
                || path == name && name.hasPrefix(".recall-") || name.hasSuffix(".tmp")
        }
    }

    @Test(.enabled(if: Self.canMount))
    func `a full disk is told by the import of embeddings, with its path`() async throws {
        try await withTemporaryFolder { folder in
            let vectors = folder.appendingPathComponent("v.npy")
            try writeNumPy(
                [Float](repeating: 1, count: 40_000 * 16),
                element: "<f4",
                rows: 40_000,
                to: vectors
            )
            let disk = folder.appendingPathComponent("disk")
            try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
            let outcome = try await Self.unshare.run(
                Self.mounting + [
                    disk.path, corkboard.executable.path, "import-embeddings", "--vectors",
                    vectors.path, "-w", disk.appendingPathComponent("w").path,
                ]
            )
            #expect(outcome.exitCode == 1, "\(outcome)")
            #expect(outcome.errorOutput.contains("No space left on device"), "\(outcome)")
            #expect(outcome.errorOutput.contains("disk/w/store"), "\(outcome)")
            #expect(outcome.errorOutput.contains("make room"), "\(outcome)")
        }
    }

    private static let unshare = Program(executable: URL(fileURLWithPath: "/usr/bin/unshare"))
    /// Mounts a disk of a megabyte over a folder, for the command that follows alone.
    private static let mounting = [
        "-rm", "/bin/sh", "-c",
        "mount -t tmpfs -o size=1m none \"$0\" || exit 99; exec \"$@\"",
    ]

    /// Whether the system lets this user mount something in a namespace of its own.
    private static let canMount: Bool = {
        let process = Process()
        process.executableURL = unshare.executable
        process.arguments = mounting + ["/mnt", "true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
