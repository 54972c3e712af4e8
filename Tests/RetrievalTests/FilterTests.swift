import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

/// Searches among some of the items, by each kind of index.
struct FilterTests {
    /// More than twice as many items as are compared one by one, so that half of them are searched
    /// through the index.
    private static let count = 10_000

    private func withGeneration(_ kind: IndexKind, _ body: (Generation) throws -> Void) throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: Self.count, dimension: 16, clusters: 40)
            try catalogue.build(kind, metric: .l2, into: folder) {
                ($0.depths, $0.lists) = ([10, 100], 100)
            }
            try body(try folder.open(1, checking: false))
        }
    }

    /// `size` rows, drawn by `seed`.
    private func rows(_ size: Int, seed: UInt64) -> RowSet {
        var generator = SeededGenerator(seed: seed)
        var rows = RowSet(capacity: Self.count)
        while rows.count < size {
            rows.insert(generator.index(below: Self.count))
        }
        return rows
    }

    /// The best `k` of `rows` but `own`, by a sort of all scores.
    private func best(
        _ k: Int,
        of rows: RowSet,
        for query: [Float],
        but own: Int,
        in generation: Generation
    ) -> [Int] {
        var candidates: [Candidate] = []
        rows.forEach { row in
            if row != own {
                let score = generation.vectors.score(query.span, row: row)
                candidates.append(Candidate(row: row, score: score))
            }
        }
        return candidates.sorted { $0.precedes($1) }.prefix(k).map(\.row)
    }

    @Test(arguments: IndexKind.allCases)
    func `as many candidates come as are wanted, or as the filter leaves`(kind: IndexKind) throws {
        try withGeneration(kind) { generation in
            let least = generation.sweep(k: 10).first
            for size in [0, 1, 9, 10, 11, 100, 4_096, 4_097, 5_000, Self.count] {
                let allowed = rows(size, seed: UInt64(size))
                for k in [1, 10, 6_000] {
                    for setting in [nil, least] {
                        let terms = SearchTerms(
                            k: k,
                            setting: setting,
                            filter: RowFilter(allowed: allowed, denied: nil, excluding: 7)
                        )
                        let query = generation.vector(ofRow: 7)
                        let found = try generation.search(query.span, terms).candidates.map(\.row)
                        let left = allowed.count - (allowed.contains(7) ? 1 : 0)
                        #expect(found.count == min(k, left), "\(size) allowed, k = \(k)")
                        #expect(Set(found).count == found.count)
                        #expect(found.allSatisfy { $0 != 7 && allowed.contains($0) })
                    }
                }
            }
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `what is denied does not come, whether or not it is allowed`(kind: IndexKind) throws {
        try withGeneration(kind) { generation in
            let query = generation.vector(ofRow: 3)
            let near = try generation.search(query.span, k: 20).map(\.row)
            var denied = RowSet(capacity: Self.count)
            near.prefix(10).forEach { denied.insert($0) }
            var allowed = denied
            near.suffix(5).forEach { allowed.insert($0) }
            let without = RowFilter(allowed: nil, denied: denied)
            let found = try generation.search(query.span, SearchTerms(k: 10, filter: without))
            #expect(found.candidates.count == 10)
            #expect(found.candidates.allSatisfy { !denied.contains($0.row) })
            let both = RowFilter(allowed: allowed, denied: denied)
            let few = try generation.search(query.span, SearchTerms(k: 10, filter: both))
            #expect(few.candidates.map(\.row) == near.suffix(5))
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `recall among some items is what it is among all`(kind: IndexKind) throws {
        try withGeneration(kind) { generation in
            let queries = stride(from: 0, to: Self.count, by: 200)
            func recall(_ allowed: RowSet, _ terms: SearchTerms) throws -> Double {
                var (found, wanted) = (0, 0)
                for row in queries {
                    let query = generation.vector(ofRow: row)
                    var terms = terms
                    terms.filter.excluded = row
                    let best = best(10, of: allowed, for: query, but: row, in: generation)
                    let candidates = try generation.search(query.span, terms).candidates
                    found += Set(candidates.map(\.row)).intersection(best).count
                    wanted += best.count
                }
                return Double(found) / Double(wanted)
            }
            for setting in [nil, generation.sweep(k: 10).first { $0.effort > 1 }] {
                let all = RowSet(allOf: Self.count)
                let unfiltered = try recall(all, SearchTerms(k: 10, setting: setting))
                for share in [0.5, 0.1, 0.01, 0.001] {
                    let allowed = rows(Int(share * Double(Self.count)), seed: 5)
                    let filter = RowFilter(allowed: allowed, denied: nil)
                    let plan = generation.plan(.tuned, k: 10, allowed: allowed.count)
                    let filtered = try recall(
                        allowed,
                        SearchTerms(k: 10, setting: setting, filter: filter)
                    )
                    // Some 500 candidates: two in a hundred are chance.
                    #expect(filtered >= unfiltered - 0.03, "\(share) of all, \(plan)")
                }
            }
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `no candidate has less than the least score`(kind: IndexKind) throws {
        try withGeneration(kind) { generation in
            let query = generation.vector(ofRow: 3)
            let all = try generation.search(query.span, k: 10)
            for (count, candidate) in all.enumerated() {
                let terms = SearchTerms(k: 10, minimumScore: candidate.score)
                let found = try generation.search(query.span, terms).candidates
                #expect(found == Array(all.prefix(count + 1)))
            }
            let none = SearchTerms(k: 10, minimumScore: .infinity)
            #expect(try generation.search(query.span, none).candidates.isEmpty)
        }
    }

    // Not lsh: Faiss goes through all codes without a look at the clock.
    @Test(arguments: [IndexKind.flat, .ivf])
    func `a search whose time is over says so`(kind: IndexKind) throws {
        try withGeneration(kind) { generation in
            let query = generation.vector(ofRow: 3)
            var terms = SearchTerms(k: 10, setting: generation.sweep(k: 10).last)
            terms.deadline = .now + .seconds(3600)
            #expect(try generation.search(query.span, terms).isComplete)
            terms.deadline = .now - .seconds(1)
            let found = try generation.search(query.span, terms)
            #expect(!found.isComplete)
            #expect(found.candidates == found.candidates.sorted { $0.precedes($1) })
        }
    }
}
