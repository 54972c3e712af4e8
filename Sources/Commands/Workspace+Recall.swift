import EmbeddingStore
import Files
import Foundation
package import Indexes
package import Retrieval

/// How much of exact search each index returns, and how fast.
package struct RecallReport: Report {
    package let k: Int
    package let queries: Int
    package let indexes: [RecallMeasurement]

    package var description: String {
        func left(_ text: String, _ width: Int) -> String {
            text.padding(toLength: width, withPad: " ", startingAt: 0)
        }
        let rows = indexes.map { index in
            let (name, setting) = (left(index.kind.rawValue, 8), left("\(index.setting)", 30))
            let margin = decimal(index.margin ?? 0, 4)
            return "\(name)\(setting)\(column(decimal(index.recall, 4), 12))\(column(margin, 9))"
                + "\(column(decimal(index.p50, 0), 9))\(column(decimal(index.p99, 0), 9))"
                + column(decimal(Double(index.bytes) / 1_048_576, 1), 9)
        }
        let head =
            left("index", 8) + left("setting", 30)
            + column("recall@\(k)", 12)
            + ["+-", "p50 us", "p99 us", "MiB"].map { column($0, 9) }.joined()
        return ([head] + rows).joined(separator: "\n")
            + "\nagainst exact search, on \(queries) items as queries, each without itself; "
            + "+- is half of the 95 % interval of the recall"
    }
}

extension Workspace {
    /// Measures the published generation, and an index of each other kind asked for, which is
    /// built for the purpose and removed again.
    ///
    /// With `sweep` every setting worth trying is measured, else each index's own for `k`.
    package func recall(
        k: Int,
        kinds: [IndexKind],
        queries: Int,
        sweep: Bool,
        seed: UInt64,
        threads: Int,
        progress: ProgressHandler
    ) throws -> RecallReport {
        let threads = threadCount(threads)
        let current = try kinds.isEmpty ? published(checking: false) : nil
        var measurements: [RecallMeasurement] = []
        func measure(_ generation: Generation) throws {
            measurements += try measureRecall(
                of: generation,
                k: k,
                queries: queries,
                seed: seed,
                settings: sweep ? generation.sweep(k: k) : nil,
                threads: threads
            )
        }
        if let current {
            try measure(current)
        }
        for kind in kinds {
            let scratch = scratchFolder("recall")
            defer { try? FileManager.default.removeItem(at: scratch) }
            try makeFolder(at: scratch)
            let lock = try FolderLock(scratch)
            defer { withExtendedLifetime(lock) {} }
            let destination = GenerationFolder(workspace: scratch)
            var builder = GenerationBuilder(kind: kind, seed: seed, threads: threads)
            builder.depths = [min(k, Generation.maximumK)]
            let manifest = try build(builder, into: destination, progress: progress)
            try measure(try destination.open(manifest.generation, checking: false))
        }
        return RecallReport(k: k, queries: queries, indexes: measurements)
    }
}
