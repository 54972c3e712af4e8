import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Sampling

struct WalkTests {
    @Test(
        arguments: zip(
            [[1, 1, 1, 1, 1], [3, 1, 2, 0.5, 4], [1, 2, 1, 3, 1]] as [[Float]],
            [0, 0, 0.8] as [Float]
        )
    )
    func `steps follow the exact transition probabilities`(
        weights: [Float],
        damping: Float
    ) throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder, weights: weights)
            let walker = Walker(on: graph, damping: damping)
            var generator = SeededGenerator(seed: 5)
            let draws = 40_000
            for item in 0..<4 {
                var counts = [Float](repeating: 0, count: 5)
                for _ in 0..<draws {
                    counts[walker.step(from: item, using: &generator)] += 1
                }
                let chances = exactStep(graph, from: item, damping: damping)
                for (count, chance) in zip(counts, chances) {
                    // Five standard deviations of a binomial share.
                    let bound = 5 * (chance * (1 - chance) / Float(draws)).squareRoot() + 1e-6
                    #expect(abs(count / Float(draws) - chance) <= bound)
                }
            }
        }
    }

    @Test func `with many walks importance tends to the personalized PageRank`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            var settings = WalkSettings()
            settings.walks = 200_000
            settings.length = 60
            let found = Neighbourhoods(of: graph, settings: settings, seed: 2, threads: 2)
            // Visits of a walk that restarts with chance r: the sum over s of (1 - r)^s P^(s + 1).
            for item in 0..<4 {
                var place = [Float](repeating: 0, count: 5)
                place[item] = 1
                var visits = [Float](repeating: 0, count: 5)
                var alive: Float = 1
                for _ in 0..<60 {
                    var next = [Float](repeating: 0, count: 5)
                    for from in 0..<4 where place[from] > 0 {
                        for (to, chance) in exactStep(graph, from: from, damping: 0).enumerated() {
                            next[to] += place[from] * chance
                        }
                    }
                    place = next
                    for to in 0..<5 { visits[to] += alive * place[to] }
                    alive *= 1 - settings.restart
                }
                visits[item] = 0
                let total = visits.reduce(0, +)
                for position in found.range(of: item) {
                    let expected = visits[Int(found.neighbours[position])] / total
                    #expect(abs(found.importances[position] - expected) < 0.01)
                }
            }
        }
    }

    @Test func `a neighbourhood leaves out its item, and sums to one`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            var settings = WalkSettings()
            settings.neighbours = 2
            let found = Neighbourhoods(of: graph, settings: settings, seed: 1, threads: 2)
            #expect(found.range(of: 4).isEmpty)
            for item in 0..<4 {
                let range = found.range(of: item)
                #expect(range.count <= 2)
                #expect(!found.neighbours[range].contains(UInt32(item)))
                #expect(abs(found.importances[range].reduce(0, +) - 1) < 1e-5)
            }
        }
    }

    @Test func `neighbourhoods follow from the seed, whatever the number of threads`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            let found = [1, 2, 7].map {
                Neighbourhoods(of: graph, settings: WalkSettings(), seed: 9, threads: $0)
            }
            #expect(found[0] == found[1])
            #expect(found[0] == found[2])
            let other = Neighbourhoods(of: graph, settings: WalkSettings(), seed: 10, threads: 1)
            #expect(found[0] != other)
        }
    }

    @Test func `a pair is two items of one context, as often as its definition says`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            let sampler = try #require(ExampleSampler(of: graph))
            var generator = SeededGenerator(seed: 3)
            var counts: [[Int]: Int] = [:]
            for _ in 0..<30_000 {
                let pair = sampler.drawPair(using: &generator)
                counts[[pair.query, pair.item], default: 0] += 1
            }
            // 3 of 5 edges lie in context 0 with 6 ordered pairs, 2 of 5 in context 1 with 2.
            #expect(counts.count == 8)
            for (pair, count) in counts {
                let expected = pair.contains(3) ? 0.4 / 2 : 0.6 / 6
                #expect(abs(Double(count) / 30_000 - expected) < 0.015)
            }
        }
    }

    @Test func `negatives are drawn by degree to the power that is asked for`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            for popularity: Float in [0, 1] {
                let sampler = try #require(NegativeSampler(of: graph, popularity: popularity))
                var generator = SeededGenerator(seed: 3)
                var counts = [Int](repeating: 0, count: 5)
                for _ in 0..<20_000 {
                    counts[sampler.draw(using: &generator)] += 1
                }
                let expected =
                    popularity == 0 ? [0.25, 0.25, 0.25, 0.25, 0] : [0.2, 0.2, 0.4, 0.2, 0]
                for (count, share) in zip(counts, expected) {
                    #expect(abs(Double(count) / 20_000 - share) < 0.02)
                }
            }
        }
    }

    @Test func `a graph without company has no pair to draw`() throws {
        try withTemporaryFolder { folder in
            let graph = try Graph.build(
                [Edge(context: 0, item: 0)],
                contextCount: 1,
                itemCount: 1,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect(ExampleSampler(of: graph) == nil)
        }
    }
}
