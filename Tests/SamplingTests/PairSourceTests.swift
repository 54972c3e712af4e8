import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Sampling

struct PairSourceTests {
    private func counts(_ sampler: ExampleSampler, _ draws: Int) -> [[Int]: Int] {
        var generator = SeededGenerator(seed: 3)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<draws {
            let pair = sampler.drawPair(using: &generator)
            counts[[pair.query, pair.item], default: 0] += 1
        }
        return counts
    }

    @Test func `consecutive pairs are those next to each other in time, evenly`() throws {
        try withTemporaryFolder { folder in
            // By time: context 0 holds 2, 0, 3; context 1 holds 1, 2; context 2 one; and item 4 has
            // no time.
            let edges = [
                Edge(context: 0, item: 0, time: 5), Edge(context: 0, item: 2, time: -5),
                Edge(context: 0, item: 3, time: 8), Edge(context: 0, item: 4),
                Edge(context: 1, item: 1, time: 1), Edge(context: 1, item: 2, time: 1),
                Edge(context: 2, item: 0, time: 1),
            ]
            let graph = try Graph.build(
                edges,
                contextCount: 3,
                itemCount: 5,
                at: folder.appendingPathComponent("graph.csr")
            )
            let sampler = try #require(ExampleSampler(of: graph, source: .consecutive))
            let counts = counts(sampler, 9000)
            #expect(Set(counts.keys) == [[2, 0], [0, 3], [1, 2]])
            #expect(counts.values.allSatisfy { abs($0 - 3000) < 250 })
        }
    }

    @Test func `a graph without times has no consecutive pairs`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            #expect(ExampleSampler(of: graph, source: .consecutive) == nil)
            let apart = try Graph.build(
                [
                    Edge(context: 0, item: 0, time: 1), Edge(context: 0, item: 1),
                    Edge(context: 1, item: 1, time: 2),
                ],
                contextCount: 2,
                itemCount: 2,
                at: folder.appendingPathComponent("apart.csr")
            )
            #expect(ExampleSampler(of: apart, source: .consecutive) == nil)
        }
    }

    @Test func `pairs from walks lead as far as walks do, by their exact chances`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            var walk = WalkSettings()
            (walk.length, walk.restart) = (2, 0.25)
            let sampler = try #require(ExampleSampler(of: graph, source: .walks, walk: walk))
            let draws = 60_000
            let counts = counts(sampler, draws)
            let steps = (0..<4).map { exactStep(graph, from: $0, damping: 0) }
            for query in 0..<4 {
                // One step, and with chance 3/4 a second one; never the query itself.
                var ends = (0..<5).map { end in
                    0.25 * steps[query][end]
                        + 0.75 * (0..<4).reduce(0) { $0 + steps[query][$1] * steps[$1][end] }
                }
                let other = 1 - ends[query]
                ends[query] = 0
                let queries = Float(query == 2 ? 2 : 1) / 5
                for end in 0..<5 {
                    let chance = queries * ends[end] / other
                    let found = Float(counts[[query, end]] ?? 0) / Float(draws)
                    // Five standard deviations, and what the last attempt may change.
                    let bound = 5 * (chance * (1 - chance) / Float(draws)).squareRoot() + 2e-3
                    #expect(abs(found - chance) <= bound)
                }
            }
            #expect(counts[[0, 3], default: 0] > 0, "item 3 shares no context with item 0")
        }
    }

    @Test func `sources have the names of the settings`() {
        #expect(PairSource.allCases.map(\.rawValue) == ["contexts", "walks", "consecutive"])
    }
}
