import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

struct GenerationSearchTests {
    /// Runs `body` with a generation of `kind`.
    private func withGeneration(
        _ kind: IndexKind,
        metric: Metric = .cosine,
        count: Int = 500,
        dimension: Int = 8,
        _ body: (Generation, TestCatalogue) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: count, dimension: dimension)
            let manifest = try catalogue.build(kind, metric: metric, into: folder)
            try await body(try folder.open(manifest.generation, checking: true), catalogue)
        }
    }

    @Test(arguments: [Metric.innerProduct, .cosine, .l2])
    func `exact search returns what a sort of all scores returns`(metric: Metric) async throws {
        try await withGeneration(.flat, metric: metric, count: 120) { generation, catalogue in
            var vectors = catalogue.vectors
            if metric == .cosine {
                vectors.normaliseRows()
            }
            for item in 0..<10 {
                let own = vectors.row(item)
                let scores = (0..<120).map { row in
                    let other = vectors.row(row)
                    return (catalogue.ids[row], metric.score(own.span, other.span))
                }
                let expected = scores.sorted { $0.1 > $1.1 }.prefix(9)
                let query = catalogue.vectors.row(item)
                let found = try generation.exact(query.span, k: 9)
                #expect(found.map { generation.id(ofRow: $0.row) } == expected.map(\.0))
            }
        }
    }

    @Test(arguments: IndexKind.allCases, [Metric.innerProduct, .cosine, .l2])
    func `the greatest effort returns what exact search returns`(
        kind: IndexKind,
        metric: Metric
    ) async throws {
        try await withGeneration(kind, metric: metric, count: 300) { generation, catalogue in
            let setting = try #require(generation.sweep(k: 10).last)
            for item in 0..<10 {
                let query = catalogue.vectors.row(item)
                let found = try generation.search(query.span, k: 10, setting: setting)
                let expected = try generation.exact(query.span, k: 10)
                #expect(found.map(\.row) == expected.map(\.row))
                for (a, b) in zip(found, expected) {
                    #expect(abs(a.score - b.score) <= 1e-4 * max(1, abs(b.score)))
                }
            }
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `an item is nearest to itself, unless it is excluded`(kind: IndexKind) async throws {
        try await withGeneration(kind) { generation, catalogue in
            for item in 0..<20 {
                let row = try #require(generation.row(ofID: catalogue.ids[item]))
                let query = generation.vector(ofRow: row)
                let found = try generation.search(query.span, k: 5)
                #expect(found.first?.row == row)
                let others = try generation.search(query.span, k: 5, excluding: row)
                #expect(others.count == 5)
                #expect(!others.contains { $0.row == row })
            }
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `a k above the count returns every item once, best first`(kind: IndexKind) async throws {
        try await withGeneration(kind, count: 100) { generation, catalogue in
            let query = catalogue.vectors.row(0)
            for excluded in [nil, 3, -1, 100] {
                let found = try generation.search(query.span, k: 10_000, excluding: excluded)
                let expected = Set(0..<100).subtracting([excluded].compactMap(\.self))
                #expect(Set(found.map(\.row)) == expected)
                #expect(found.count == expected.count)
                #expect(found == found.sorted { $0.precedes($1) })
            }
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `queries that cannot be are refused`(kind: IndexKind) async throws {
        try await withGeneration(kind, count: 50, dimension: 3) { generation, _ in
            let other: SearchSetting = kind == .flat ? .rerank(1) : .exhaustive
            let manifest = generation.manifest
            let refused: [([Float], k: Int, SearchSetting?)] = [
                ([], 1, nil), ([1, 2], 1, nil), ([1, 2, 3, 4], 1, nil),
                ([.nan, 0, 0], 1, nil), ([0, .infinity, 0], 1, nil), ([3e38, 3e38, 0], 1, nil),
                ([0, 0, 0], 1, nil), ([1, 2, 3], 0, nil), ([1, 2, 3], -1, nil),
                ([1, 2, 3], 10_001, nil), ([1, 2, 3], .max, nil), ([1, 2, 3], 1, other),
                ([1, 2, 3], 1, kind == .flat ? other : manifest.setting(forK: 1, effort: 0)),
                ([1, 2, 3], 1, kind == .flat ? other : manifest.setting(forK: 1, effort: .min)),
            ]
            for (query, k, setting) in refused {
                let error = try #require(throws: RetrievalError.self) {
                    try generation.search(query.span, k: k, setting: setting)
                }
                #expect(error.code == .invalid)
            }
            let effort = manifest.setting(forK: 1, effort: .max)
            let query: [Float] = [1, 2, 3]
            let found = try generation.search(query.span, k: 5, setting: effort)
            #expect(found.count == 5)
        }
    }

    /// Values beside which 1 / x is infinite, and whose squares are zero.
    @Test(arguments: IndexKind.allCases, [Metric.innerProduct, .l2])
    func `the least floats are values like any other`(kind: IndexKind, metric: Metric) async throws
    {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            for scale in [1, 1e-36, .leastNormalMagnitude] as [Float] {
                var catalogue = TestCatalogue(count: 100, dimension: 5, clusters: 100)
                catalogue.vectors.elements = catalogue.vectors.elements.map { $0 * scale }
                let manifest = try catalogue.build(kind, metric: metric, into: folder)
                let generation = try folder.open(manifest.generation, checking: false)
                let queries: [[Float]] = [
                    [1e-38, 0, 0, 0, 0], [0, .leastNonzeroMagnitude, 0, 0, 0], [1, 1e-38, 0, 0, 0],
                    [0, 0, 0, 0, 0], [1e-20, 1e-30, 1, -.leastNonzeroMagnitude, 0],
                ]
                for query in queries {
                    let found = try generation.search(query.span, k: 7)
                    #expect(found.count == 7)
                    #expect(found.allSatisfy { $0.score.isFinite })
                }
            }
        }
    }

    @Test(arguments: [IndexKind.ivf, .lsh, .hnsw], [1, 30])
    func `as many come as are wanted where most vectors are equal`(
        kind: IndexKind,
        k: Int
    ) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var catalogue = TestCatalogue(count: 2_100, dimension: 6, clusters: 2_100)
            catalogue.vectors = catalogue.vectors.gather((0..<2_100).map { max($0, 2_000) })
            let manifest = try catalogue.build(kind, metric: .l2, into: folder)
            let generation = try folder.open(manifest.generation, checking: false)
            let least = manifest.setting(forK: k, effort: 1)
            for row in stride(from: 0, to: 2_100, by: 150) {
                let query = generation.vector(ofRow: row)
                let found = try generation.search(query.span, k: k, setting: least)
                #expect(found.count == k)
            }
        }
    }

    @Test
    func `values that 16 bits cannot keep are kept in 32, or refused`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var catalogue = TestCatalogue(count: 60, dimension: 4)
            #expect(try catalogue.build(.ivf, metric: .l2, into: folder).precision == .fp16)
            for value in [1e-7, 1e6] as [Float] {
                for column in 0..<4 {
                    catalogue.vectors[9, column] = value
                }
                #expect(try catalogue.build(.ivf, metric: .l2, into: folder).precision == .fp32)
            }
            let error = try #require(throws: RetrievalError.self) {
                try catalogue.build(.ivf, metric: .l2, into: folder) { $0.precision = .fp16 }
            }
            #expect(error.code == .invalid)
            #expect(error.description.contains(catalogue.ids[9]))
        }
    }

    @Test
    func `a zero query has answers where the metric knows lengths`() async throws {
        for metric in [Metric.innerProduct, .l2] {
            try await withGeneration(.flat, metric: metric, count: 50) { generation, _ in
                let zero = [Float](repeating: 0, count: 8)
                let found = try generation.search(zero.span, k: 5)
                #expect(found.count == 5)
            }
        }
    }

    @Test
    func `cosine minds the direction of a query, not its length`() async throws {
        try await withGeneration(.ivf) { generation, catalogue in
            let query = catalogue.vectors.row(3)
            let found = try generation.search(query.span, k: 10)
            let long = query.map { 1024 * $0 }
            let foundByLong = try generation.search(long.span, k: 10)
            #expect(found == foundByLong)
            #expect(found.allSatisfy { $0.score <= 1.0001 })
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `concurrent searches give the answers of one thread`(kind: IndexKind) async throws {
        try await withGeneration(kind) { generation, catalogue in
            let queries = (0..<40).map { catalogue.vectors.row($0) }
            let expected = try queries.map { try generation.search($0.span, k: 10) }
            try await withThrowingTaskGroup(of: [[Candidate]].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try queries.map { try generation.search($0.span, k: 10) }
                    }
                }
                for try await answers in group {
                    #expect(answers == expected)
                }
            }
        }
    }

    @Test
    func `ids and rows lead to each other`() async throws {
        try await withGeneration(.flat) { generation, catalogue in
            for id in catalogue.ids {
                let row = try #require(generation.row(ofID: id))
                #expect(generation.id(ofRow: row) == id)
            }
            for absent in ["", "item-", "item-1x", "zebra", "\u{0}"] {
                #expect(generation.row(ofID: absent) == nil)
            }
        }
    }
}
