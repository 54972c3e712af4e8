import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

/// Searches by tokens with settings of little effort, which small catalogues are not tuned to.
struct TokenSearchTests {
    private let catalogue = TestCatalogue(count: 6_000, dimension: 8, clusters: 600)

    private func withGeneration(_ body: (Generation) async throws -> Void) async throws {
        try await withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try catalogue.build(.lsh, into: folder) { ($0.tokenBits, $0.depths) = (8, [10]) }
            try await body(try folder.open(1, checking: true))
        }
    }

    @Test func `more tokens find more, and fewer than all lose some`() async throws {
        try await withGeneration { generation in
            let curve = try measureRecall(
                of: generation,
                k: 10,
                queries: 100,
                seed: 1,
                settings: [4, 32, 256, 2_048].map { .tokens($0, rerank: 100) },
                threads: 1
            ).map(\.recall)
            #expect(curve == curve.sorted())
            #expect(curve[0] < 0.8)
            #expect(curve[3] > 0.95)
        }
    }

    @Test(arguments: [1, 10, 700, 5_999])
    func `as many candidates come as are wanted, whatever the effort and the filter`(
        k: Int
    ) async throws {
        try await withGeneration { generation in
            var allowed = RowSet(allOf: 6_000)
            var denied = RowSet(capacity: 6_000)
            for row in stride(from: 0, to: 6_000, by: 5) { denied.insert(row) }
            allowed.subtract(denied)
            for row in [0, 77, 4_000] {
                let query = generation.vector(ofRow: row)
                for filter in [
                    RowFilter(), RowFilter(excluding: row),
                    RowFilter(allowed: allowed, denied: nil, excluding: row),
                ] {
                    let terms = SearchTerms(k: k, setting: .tokens(1, rerank: 1), filter: filter)
                    let found = try generation.search(query.span, terms)
                    #expect(found.isComplete)
                    #expect(found.candidates.count == min(k, filter.count(of: 6_000)))
                    #expect(found.candidates.allSatisfy { filter.allows($0.row) })
                    #expect(found.candidates == found.candidates.sorted { $0.precedes($1) })
                }
            }
        }
    }

    @Test func `concurrent searches give the answers of one thread`() async throws {
        try await withGeneration { generation in
            let queries = (0..<40).map { catalogue.vectors.row($0) }
            let setting = SearchSetting.tokens(50, rerank: 60)
            let expected = try queries.map {
                try generation.search($0.span, k: 10, setting: setting)
            }
            try await withThrowingTaskGroup(of: [[Candidate]].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try queries.map {
                            try generation.search($0.span, k: 10, setting: setting)
                        }
                    }
                }
                for try await answers in group {
                    #expect(answers == expected)
                }
            }
        }
    }
}
