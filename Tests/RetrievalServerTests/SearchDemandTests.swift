import Foundation
import Indexes
import Retrieval
import RetrievalClient
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalServer

/// Filters, recalls and efforts, through the socket.
struct SearchDemandTests {
    private static let count = 9_000

    private func vectors() -> Matrix {
        var generator = SeededGenerator(seed: 1)
        let centres = (0..<40 * 8).map { _ in 2 * generator.normal() }
        let elements = (0..<Self.count * 8).map { place in
            centres[place / 8 % 40 * 8 + place % 8] + generator.normal()
        }
        return Matrix(rows: Self.count, columns: 8, elements: elements)
    }

    private func id(_ row: Int) -> String { String(100_000 + row) }

    /// Serves a generation of `kind` of random vectors.
    private func withCatalogue(
        _ kind: IndexKind,
        _ body: (Generation, RetrievalClient) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var builder = GenerationBuilder(kind: kind, seed: 1, threads: 2)
            (builder.queries, builder.depths, builder.lists) = (50, [10, 100], 100)
            let manifest = try builder.build(
                ids: (0..<Self.count).map(id),
                vectors: vectors(),
                metric: .l2,
                embeddingVersion: 1,
                storeIdentity: "test store",
                into: folder,
                progress: { _ in }
            )
            try folder.publish(manifest.generation)
            let generation = try folder.open(manifest.generation, checking: false)
            try await withService(in: workspace) { client, state in
                try #require(try await eventually { state.served != nil })
                try await body(generation, client)
            }
        }
    }

    private func options(_ set: (inout SearchOptions) -> Void) -> SearchOptions {
        var options = SearchOptions()
        set(&options)
        return options
    }

    @Test(arguments: IndexKind.allCases)
    func `recall and counts among allowed items are those of all`(kind: IndexKind) async throws {
        try await withCatalogue(kind) { generation, client in
            let asked = Array(stride(from: 0, to: Self.count, by: 300))
            for share in [1, 0.5, 0.1, 0.01, 0.001] {
                var generator = SeededGenerator(seed: 9)
                let rows = (0..<Self.count).filter { _ in
                    Double(generator.index(below: 10_000)) < 10_000 * share
                }
                let answer = try await client.related(
                    itemIDs: asked.map(id),
                    k: 10,
                    options: options {
                        $0.allowed = share == 1 ? nil : rows.map(id) + ["nobody"]
                    }
                )
                var (found, wanted) = (0, 0)
                for (own, candidates) in zip(asked, answer.candidates) {
                    let query = generation.vector(ofRow: own)
                    let best = rows.filter { $0 != own }
                        .map {
                            Candidate(
                                row: $0,
                                score: generation.vectors.score(query.span, row: $0)
                            )
                        }
                        .sorted { $0.precedes($1) }.prefix(10).map { id($0.row) }
                    #expect(candidates.count == best.count)
                    found += Set(candidates.map(\.itemID)).intersection(best).count
                    wanted += best.count
                }
                let recall = Double(found) / Double(wanted)
                // Some 300 candidates, and a target of .95: chance is less than .04.
                #expect(recall >= 0.91, "\(share) of all")
                #expect(recall >= (answer.expectedRecall ?? 0) - 0.04, "\(share) of all")
                #expect(!answer.isPartial && answer.effort > 0)
            }
        }
    }

    @Test func `denied items, unknown ids and the least score`() async throws {
        try await withCatalogue(.ivf) { generation, client in
            let query = Matrix(rows: 1, columns: 8, elements: generation.vector(ofRow: 5))
            func ask(_ set: (inout SearchOptions) -> Void) async throws -> [ItemCandidate] {
                try await client.search(vectors: query, k: 10, options: options(set)).candidates[0]
            }
            let all = try await ask { _ in }
            #expect(all.count == 10 && all[0].itemID == id(5))
            let denied = all.prefix(4).map(\.itemID) + ["nobody"]
            let rest = try await ask { $0.denied = denied }
            #expect(rest.count == 10 && Array(rest.prefix(6)) == Array(all.dropFirst(4)))
            let both = try await ask { ($0.allowed, $0.denied) = (all.map(\.itemID), denied) }
            #expect(both == Array(all.dropFirst(4)))
            #expect(try await ask { $0.allowed = [] }.isEmpty)
            #expect(try await ask { $0.allowed = ["nobody"] }.isEmpty)
            #expect(try await ask { $0.minimumScore = all[2].score } == Array(all.prefix(3)))
            let related = try await client.related(
                itemIDs: [id(5)],
                k: 10,
                options: options { $0.allowed = all.map(\.itemID) }
            )
            #expect(related.candidates[0].map(\.itemID) == all.dropFirst().map(\.itemID))
        }
    }

    @Test func `a recall is answered by the least effort that reached it`() async throws {
        try await withCatalogue(.ivf) { generation, client in
            let query = Matrix(rows: 1, columns: 8, elements: generation.vector(ofRow: 5))
            let levels = try await client.info().generation.levels
            #expect(Set(levels.map(\.k)) == [10, 100])
            for level in levels where level.k == 10 && level.recall > 0 {
                let answer = try await client.search(
                    vectors: query,
                    k: 10,
                    options: options { $0.recall = level.recall.rounded(.down, digits: 4) }
                )
                #expect(answer.effort <= level.effort)
                #expect(try #require(answer.expectedRecall) >= level.recall - 1e-4)
            }
            let exact = try await client.search(
                vectors: query,
                k: 10,
                options: options { $0.recall = 1 }
            )
            #expect(exact.effort <= 100 && exact.effort >= generation.manifest.setting.effort)
            let given = try await client.search(
                vectors: query,
                k: 10,
                options: options { $0.effort = 3 }
            )
            #expect(given.effort == 3)
        }
    }

    @Test(
        arguments: [
            (effort: 0, recall: -0.1), (0, 1.001), (0, .nan), (0, .infinity), (4, 0.9),
        ]
    )
    func `a recall that cannot be is refused`(effort: Int, recall: Double) async throws {
        try await withSmallService { client in
            let error = await failure { () async throws(RetrievalClientError) in
                _ = try await client.related(
                    itemIDs: ["item-000"],
                    k: 1,
                    options: options { ($0.effort, $0.recall) = (effort, recall) }
                )
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("recall = \(Float(recall)) ") == true)
            #expect(effort == 0 || error?.message.contains("effort = \(effort) ") == true)
        }
    }

    @Test func `filters that cannot be are refused`() async throws {
        try await withSmallService { client in
            func refusal(_ set: (inout SearchOptions) -> Void) async -> RetrievalClientError? {
                await failure { () async throws(RetrievalClientError) in
                    _ = try await client.related(itemIDs: ["item-000"], k: 1, options: options(set))
                }
            }
            let noScore = await refusal { $0.minimumScore = .nan }
            #expect(noScore?.code == .invalidArgument)
            #expect(noScore?.message.hasPrefix("min_score ") == true)
            let ids = (0...Limits.filterIDs).map(String.init)
            let tooMany = await refusal { ($0.allowed, $0.denied) = ([ids[0]], Array(ids[1...])) }
            #expect(tooMany?.code == .invalidArgument)
            #expect(tooMany?.message.contains("100001 items") == true)
            #expect(await refusal { $0.denied = Array(ids[1...]) } == nil)
        }
    }

    private func withSmallService(_ body: (RetrievalClient) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try Circle(in: folder).publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                try await body(client)
            }
        }
    }
}

extension Double {
    /// Without what comes after so many digits: a recall that has been reached by what has this.
    fileprivate func rounded(_ rule: FloatingPointRoundingRule, digits: Int) -> Double {
        let scale = Foundation.pow(10, Double(digits))
        return (self * scale).rounded(rule) / scale
    }
}
