import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

/// Searches with settings of little effort, which small catalogues are not tuned to.
struct LeastEffortTests {
    private let catalogue = TestCatalogue(count: 6_000, dimension: 8, clusters: 600)

    private func withGeneration(
        _ kind: IndexKind,
        _ body: (Generation) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try catalogue.build(kind, into: folder) { ($0.tokenBits, $0.depths) = (8, [10]) }
            try await body(try folder.open(1, checking: true))
        }
    }

    @Test(arguments: [
        [4, 32, 256, 2_048].map { SearchSetting.tokens($0, rerank: 100) },
        [1, 11, 40, 100].map { .breadth($0) },
    ])
    func `more effort finds more, and little loses some`(settings: [SearchSetting]) async throws {
        try await withGeneration(settings[0].kind) { generation in
            let curve = try measureRecall(
                of: generation,
                k: 10,
                queries: 100,
                seed: 1,
                settings: settings,
                threads: 1
            ).map(\.recall)
            #expect(curve == curve.sorted())
            #expect(curve[0] < 1)
            #expect(curve[3] > 0.95)
        }
    }

    @Test(
        arguments: [SearchSetting.tokens(1, rerank: 1), .breadth(1), .probes(1, rerank: 1)],
        [1, 10, 700, 5_999]
    )
    func `as many candidates come as are wanted, whatever the effort and the filter`(
        setting: SearchSetting,
        k: Int
    ) async throws {
        try await withGeneration(setting.kind) { generation in
            var denied = RowSet(capacity: 6_000)
            for row in stride(from: 0, to: 6_000, by: 5) { denied.insert(row) }
            for row in [0, 77, 4_000] {
                let query = generation.vector(ofRow: row)
                for filter in [
                    RowFilter(), RowFilter(excluding: row),
                    RowFilter(allowed: nil, denied: denied, excluding: row),
                ] {
                    let terms = SearchTerms(k: k, setting: setting, filter: filter)
                    let found = try generation.search(query.span, terms)
                    #expect(found.isComplete)
                    #expect(found.candidates.count == min(k, filter.count(of: 6_000)))
                    #expect(found.candidates.allSatisfy { filter.allows($0.row) })
                    #expect(found.candidates == found.candidates.sorted { $0.precedes($1) })
                }
            }
        }
    }

    @Test(arguments: [SearchSetting.tokens(50, rerank: 60), .breadth(12)])
    func `concurrent searches give the answers of one thread`(
        setting: SearchSetting
    ) async throws {
        try await withGeneration(setting.kind) { generation in
            let queries = (0..<40).map { catalogue.vectors.row($0) }
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
