import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

struct BatchTests {
    /// More vectors than meet in one matrix product, some of them equal.
    @Test(arguments: [Metric.innerProduct, .cosine, .l2])
    func `the best of a batch are those of single scans, to the bit`(
        metric: Metric
    ) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var catalogue = TestCatalogue(count: 4_500, dimension: 5)
            catalogue.vectors = catalogue.vectors.gather((0..<4_500).map { $0 % 4_400 })
            let scale: Float = metric == .l2 ? 1_000 : 1
            for position in catalogue.vectors.elements.indices {
                catalogue.vectors.elements[position] += scale  // far from zero, hence cancellation
            }
            try catalogue.build(.flat, metric: metric, into: folder) { $0.queries = 1 }
            let vectors = try folder.open(1, checking: false).vectors
            let rows = Array(stride(from: 0, to: 4_500, by: 450))
            for k in [1, 10, 4_499] {
                var scratch = SearchScratch()
                let expected = rows.map { row in
                    _ = vectors.findNearest(
                        vectors.vector(row).span,
                        k: k,
                        filter: RowFilter(excluding: row),
                        scratch: &scratch
                    )
                    return scratch.best.sorted
                }
                let found = vectors.nearest(
                    to: vectors.gather(rows),
                    own: rows,
                    k: k,
                    threads: 2
                )
                #expect(found.map(\.sorted) == expected)
            }
        }
    }
}
