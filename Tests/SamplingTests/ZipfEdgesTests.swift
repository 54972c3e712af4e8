import Foundation
import Graph
import Sampling
import Testing

struct ZipfEdgesTests {
    @Test func `contexts and items are used by Zipf's law`() {
        let edges = ZipfEdges(100_000, contexts: 50, items: 30, exponent: 0.8, seed: 7)
        for (count, number) in [(50, \Edge.context), (30, \Edge.item)] {
            var uses = [Int](repeating: 0, count: count)
            for edge in edges {
                uses[Int(edge[keyPath: number])] += 1
            }
            #expect(uses.sorted(by: >) != uses, "the ranks are scattered over the numbers")
            let chances = (1...count).map { pow(Double($0), -0.8) }
            let total = chances.reduce(0, +)
            for (used, chance) in zip(uses.sorted(by: >), chances) {
                let expected = 100_000 * chance / total
                // Neighbouring ranks may trade places, which a share of five percent covers.
                #expect(abs(Double(used) - expected) < 5 * expected.squareRoot() + 0.05 * expected)
            }
        }
    }

    @Test func `the same seed makes the same edges, another one others`() {
        let edges = [3, 3, 4].map {
            Array(ZipfEdges(100, contexts: 9, items: 9, exponent: 1, seed: $0))
        }
        #expect(edges[0].count == 100)
        #expect(edges[0] == edges[1])
        #expect(edges[0] != edges[2])
    }

    @Test func `one context and one item are enough`() {
        let edges = Array(ZipfEdges(2, contexts: 1, items: 1, exponent: 0.8, seed: 1))
        #expect(edges == [Edge(context: 0, item: 0), Edge(context: 0, item: 0)])
    }
}
