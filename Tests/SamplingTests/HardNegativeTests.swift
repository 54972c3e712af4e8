import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Sampling

struct HardNegativeTests {
    /// The visits of endless walks that restart with chance r, by dense power iteration: the sum over
    /// s of (1 - r)^s P^(s + 1), divided by its total without the query.
    private func exactRanks(_ graph: Graph, from query: Int, restart: Float) -> [Float] {
        let steps = (0..<graph.itemCount).map { item in
            graph.items.degree(of: item) > 0
                ? exactStep(graph, from: item, damping: 0)
                : [Float](repeating: 0, count: graph.itemCount)
        }
        var place = [Float](repeating: 0, count: graph.itemCount)
        place[query] = 1
        var visits = [Float](repeating: 0, count: graph.itemCount)
        var alive: Float = 1
        for _ in 0..<30 {
            var next = [Float](repeating: 0, count: graph.itemCount)
            for (from, share) in place.enumerated() where share > 0 {
                for (to, chance) in steps[from].enumerated() {
                    next[to] += share * chance
                }
            }
            place = next
            for (to, share) in place.enumerated() { visits[to] += alive * share }
            alive *= 1 - restart
        }
        visits[query] = 0
        return visits
    }

    private var settings: HardNegativeSettings {
        var settings = HardNegativeSettings()
        (settings.first, settings.last) = (30, 80)
        settings.walks = 20_000
        settings.length = 30
        settings.kept = 20
        return settings
    }

    @Test func `negatives lie in the band of exact personalized PageRank`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            let negatives = HardNegatives(of: graph, settings: settings, seed: 5, threads: 2)
            for query in graph.connectedItems.prefix(4) {
                let visits = exactRanks(graph, from: query, restart: settings.restart)
                let sorted = visits.sorted(by: >)
                let total = visits.reduce(0, +)
                // Five standard deviations of the number of visits, some 40,000 in all.
                func slack(_ value: Float) -> Float { 5 * (value * total / 40_000).squareRoot() }
                let kept = negatives.items(for: query)
                #expect(kept.count == 20 && Set(kept).count == 20)
                for item in kept {
                    let value = visits[Int(item)]
                    #expect(value <= sorted[30] + slack(sorted[30]))
                    #expect(value >= sorted[79] - slack(sorted[79]))
                    #expect(Int(item) != query)
                }
            }
        }
    }

    @Test func `a band that is smaller than what is kept is kept whole`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            var settings = settings
            settings.walks = 2000
            (settings.first, settings.last) = (10, 15)
            let five = HardNegatives(of: graph, settings: settings, seed: 5, threads: 1)
            let query = try #require(graph.connectedItems.first)
            #expect(Set(five.items(for: query)).count == 5)
            // As shares of 201 items: ranks 10 to 14 again.
            (settings.first, settings.last) = (0.05, 0.075)
            let shares = HardNegatives(of: graph, settings: settings, seed: 5, threads: 1)
            #expect(shares == five)
        }
    }

    @Test func `an item whose walks do not reach the band has no hard negative`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            var settings = settings
            settings.walks = 500
            (settings.first, settings.last) = (2, 4)
            let negatives = HardNegatives(of: graph, settings: settings, seed: 1, threads: 1)
            var generator = SeededGenerator(seed: 1)
            // Items 0 and 1 reach all of 0 to 3: one item is left at rank 2. Item 4 has no edge.
            #expect(negatives.items(for: 0) == [3])
            #expect(negatives.draw(for: 0, using: &generator) == 3)
            #expect(negatives.draw(for: 4, using: &generator) == nil)
            settings.first = 3
            let beyond = HardNegatives(of: graph, settings: settings, seed: 1, threads: 1)
            #expect((0..<5).allSatisfy { beyond.items(for: $0).isEmpty })
        }
    }

    @Test func `negatives are drawn evenly, and follow from the seed alone`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            var settings = settings
            settings.walks = 2000
            let found = [1, 2, 3].map {
                HardNegatives(of: graph, settings: settings, seed: 9, threads: $0)
            }
            #expect(found[0] == found[1] && found[0] == found[2])
            #expect(HardNegatives(of: graph, settings: settings, seed: 8, threads: 2) != found[0])
            let query = try #require(graph.connectedItems.first)
            var generator = SeededGenerator(seed: 2)
            var counts: [Int: Int] = [:]
            for _ in 0..<20_000 {
                let item = try #require(found[0].draw(for: query, using: &generator))
                counts[item, default: 0] += 1
            }
            #expect(Set(counts.keys) == Set(found[0].items(for: query).map { Int($0) }))
            #expect(counts.values.allSatisfy { abs($0 - 1000) < 160 })
        }
    }

    @Test func `items visited equally often are not ranked by their numbers`() throws {
        try withTemporaryFolder { folder in
            // One context of 401 items: all but the query are visited equally often.
            let graph = try Graph.build(
                (0..<401).map { Edge(context: 0, item: $0) },
                contextCount: 1,
                itemCount: 401,
                at: folder.appendingPathComponent("graph.csr")
            )
            var settings = settings
            settings.walks = 300
            settings.length = 1
            (settings.first, settings.last) = (100, 130)
            settings.kept = 30
            let negatives = HardNegatives(of: graph, settings: settings, seed: 4, threads: 2)
            var sum = 0
            for query in 0..<401 {
                sum += negatives.items(for: query).reduce(0) { $0 + Int($1) }
            }
            // The mean of 12,030 numbers from 0 to 400, to five standard deviations.
            #expect(abs(Double(sum) / (401 * 30) - 200) < 5 * 116 / 109.0)
        }
    }
}
