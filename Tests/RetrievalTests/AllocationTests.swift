import CAllocations
import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

/// How often `body` asks for memory.
///
/// Of any size where the program is optimised. Otherwise the compiler has frames of accessors
/// allocated, so only sizes count that those never have.
private func allocations(_ body: () throws -> Void) rethrows -> Int {
    #if DEBUG
        let before = CAllocations_largeCount()
        try body()
        return Int(CAllocations_largeCount() - before)
    #else
        let before = CAllocations_count()
        try body()
        return Int(CAllocations_count() - before)
    #endif
}

@Suite(.enabled(if: CAllocations_areCounted(), "a sanitizer has taken the place of malloc"))
struct AllocationTests {
    /// So many that not all are compared where most may be returned.
    private static let count = 4_400
    /// A query takes 512 bytes, which count in any case.
    private static let dimension = 128
    /// As many candidates do.
    private static let k = 40

    /// Every way that a search can take: without a filter, without the query's own item, with few
    /// rows left, with most rows left, with a least score, with a deadline.
    private static var terms: [SearchTerms] {
        var (few, most) = (RowSet(capacity: count), RowSet(allOf: count))
        for row in stride(from: 0, to: count, by: 40) { few.insert(row) }
        most.subtract(few)
        return [
            SearchTerms(k: k),
            SearchTerms(k: 5 * k, filter: RowFilter(excluding: 7)),
            SearchTerms(k: k, filter: RowFilter(allowed: few, denied: nil)),
            SearchTerms(k: k, filter: RowFilter(allowed: most, denied: nil, excluding: 9)),
            SearchTerms(k: k, minimumScore: -1e9),
            SearchTerms(k: k, deadline: .now + .seconds(3_600)),
        ]
    }

    @Test
    func `memory that is asked for is counted`() {
        var array: [Int] = []
        #expect(allocations { array.reserveCapacity(1_000) } == 1)
        #expect(allocations { array.append(1) } == 0)
    }

    @Test(arguments: [IndexKind.flat, .ivf, .lsh, .hnsw], [Metric.cosine, .l2])
    func `a search like earlier ones allocates nothing but its answer`(
        kind: IndexKind,
        metric: Metric
    ) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: Self.count, dimension: Self.dimension)
            try catalogue.build(kind, metric: metric, into: folder) { builder in
                builder.depths = [Self.k, 5 * Self.k]
                builder.queries = 20
                builder.targetRecall = 0.9
            }
            let generation = try folder.open(1, checking: false)
            let queries = (0..<5).map { catalogue.vectors.row(300 * $0) }
            var result = SearchResult(candidates: [], isComplete: false)
            for (place, terms) in Self.terms.enumerated() {
                for query in queries {
                    try generation.search(query.span, terms, into: &result)
                }
                let reused = try allocations {
                    for query in queries {
                        try generation.search(query.span, terms, into: &result)
                    }
                }
                #expect(reused == 0, "terms \(place)")
                var own: [SearchResult] = []
                own.reserveCapacity(queries.count)
                let returned = try allocations {
                    for query in queries {
                        own.append(try generation.search(query.span, terms))
                    }
                }
                #expect(returned == queries.count, "terms \(place)")
                #expect(own.last == result, "terms \(place)")
            }
        }
    }
}
