import Foundation
import Graph
import Sampling
import TestSupport
import Testing
import Vectors

struct ExampleTests {
    /// Forty contexts of ten items each, of sixty items.
    private func graph(in folder: URL) throws -> Graph {
        var generator = SeededGenerator(seed: 3)
        let edges = (0..<40).flatMap { context in
            (0..<10).map { _ in
                Edge(context: UInt32(context), item: UInt32(generator.index(below: 60)))
            }
        }
        return try Graph.build(
            edges,
            contextCount: 40,
            itemCount: 60,
            at: folder.appendingPathComponent("graph.csr")
        )
    }

    /// Whether some context holds all of `items`, by edges for which `isTaken` holds.
    private func context(
        _ graph: Graph,
        holds items: [Int],
        by isTaken: (Int) -> Bool = { _ in true }
    ) -> Bool {
        (0..<graph.contextCount).contains { context in
            let held = graph.contexts.positions(of: context).filter(isTaken)
                .map { graph.contexts.neighbour(at: $0) }
            return Set(items).isSubset(of: held)
        }
    }

    @Test func `an example's query and item are of one context, and differ`() throws {
        try withTemporaryFolder { folder in
            let graph = try graph(in: folder)
            let sampler = try #require(ExampleSampler(of: graph))
            var generator = SeededGenerator(seed: 1)
            var sizes: Set<Int> = []
            for draw in 0..<600 {
                let example = sampler.drawContext(
                    upTo: draw % 2 == 0 ? 1 : 5,
                    using: &generator
                )
                #expect(!example.query.contains(example.item))
                #expect(Set(example.query).count == example.query.count)
                #expect(context(graph, holds: example.query + [example.item]))
                sizes.insert(example.query.count)
            }
            #expect(sizes == [1, 2, 3, 4, 5])
        }
    }

    @Test func `pairs lead to edges that are set aside, from edges that are not`() throws {
        try withTemporaryFolder { folder in
            let graph = try graph(in: folder)
            let split = EdgeSplit(share: 0.3, seed: 1, epoch: 1)
            let positions = 0..<graph.edgeCount
            let aside = positions.filter(split.setsAside)
            #expect(abs(Float(aside.count) / Float(graph.edgeCount) - 0.3) < 0.08)
            let sampler = try #require(ExampleSampler(of: graph, split: split))
            var generator = SeededGenerator(seed: 2)
            for _ in 0..<300 {
                let example = sampler.drawContext(upTo: 3, using: &generator)
                #expect(context(graph, holds: example.query) { !split.setsAside($0) })
                #expect(context(graph, holds: [example.item], by: split.setsAside))
                let pair = sampler.drawPair(using: &generator)
                #expect(context(graph, holds: [pair.query]) { !split.setsAside($0) })
                #expect(context(graph, holds: [pair.item], by: split.setsAside))
            }
        }
    }

    @Test func `another epoch sets other edges aside, and the same one the same`() {
        let first = (0..<1000).filter(EdgeSplit(share: 0.2, seed: 4, epoch: 1).setsAside)
        let again = (0..<1000).filter(EdgeSplit(share: 0.2, seed: 4, epoch: 1).setsAside)
        let second = (0..<1000).filter(EdgeSplit(share: 0.2, seed: 4, epoch: 2).setsAside)
        #expect(first == again)
        #expect((20...60).contains(Set(first).intersection(second).count))
    }

    @Test func `negatives know how often they are expected`() throws {
        try withTemporaryFolder { folder in
            let graph = try graph(in: folder)
            let sampler = try #require(NegativeSampler(of: graph, popularity: 0.75))
            var generator = SeededGenerator(seed: 6)
            var counts = [Float](repeating: 0, count: graph.itemCount)
            let draws = 60_000
            for _ in 0..<draws {
                counts[sampler.draw(using: &generator)] += 1
            }
            for item in graph.connectedItems {
                let expected = Float(Double(sampler.logExpectation(of: item, among: draws)).exp)
                #expect(abs(counts[item] - expected) < 6 * expected.squareRoot())
            }
        }
    }
}

extension Double {
    fileprivate var exp: Double { Foundation.exp(self) }
}
