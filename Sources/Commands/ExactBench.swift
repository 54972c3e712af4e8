import Foundation
import Indexes
import Retrieval

/// How long an exact search takes, beside a plain read of the same vectors.
package struct ExactBenchReport: Report {
    package let items: Int
    package let dimension: Int
    package let bytes: Int
    package let rounds: Int
    /// Milliseconds, of all rounds.
    package let search: Rate
    package let read: Rate
    /// The median of the rounds' own ratios: of a search and the read right after it.
    package let ratio: Double
    /// What the reads come to, in 10^9 bytes a second.
    package let bandwidth: Double

    private enum CodingKeys: String, CodingKey {
        case items, dimension, bytes, rounds, ratio
        case search = "search_ms"
        case read = "read_ms"
        case bandwidth = "read_gb_per_second"
    }

    package var description: String {
        """
        \(items) vectors of \(dimension) dimensions, \(bytes) bytes; medians of \(rounds) rounds
        exact search, one thread   \(decimal(search.median, 2)) ms
        a read of all vectors      \(decimal(read.median, 2)) ms, \(decimal(bandwidth, 1)) GB/s
        a search takes \(decimal(ratio, 2)) times as long as the read
        """
    }
}

extension Workspace {
    /// Measures exact searches over the vectors of the published generation on one thread, and in
    /// turn with them what it costs to read those vectors.
    package func benchExact(
        k: Int,
        rounds: Int,
        progress: ProgressHandler
    ) throws -> ExactBenchReport {
        let generation = try published(checking: false)
        let vectors = generation.vectors
        progress(.line("reading \(vectors.byteCount) bytes in turn with exact searches"))
        var (searches, reads, sum): ([Double], [Double], UInt64) = ([], [], 0)
        sum &+= vectors.readAll()  // from the disk, if need be
        for round in 0..<rounds {
            let query = generation.vector(ofRow: round * (generation.count / rounds))
            searches.append(
                try seconds { _ = try generation.exact(query.span, k: k) } * 1_000
            )
            reads.append(seconds { sum &+= vectors.readAll() } * 1_000)
        }
        withExtendedLifetime(sum) {}
        let read = Rate(reads)
        return ExactBenchReport(
            items: generation.count,
            dimension: generation.dimension,
            bytes: vectors.byteCount,
            rounds: rounds,
            search: Rate(searches),
            read: read,
            ratio: Rate(zip(searches, reads).map { $0 / $1 }).median,
            bandwidth: Double(vectors.byteCount) / read.median / 1e6
        )
    }
}
