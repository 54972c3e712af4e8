import Foundation
import Graph
import TestSupport
import Testing

@testable import Sampling

struct WalksTests {
    @Test(arguments: [false, true])
    func `every hop of a walk is an edge`(isWeighted: Bool) throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder, isWeighted: isWeighted)
            let edges = Set(graph.edges.map { [$0.context, $0.item] })
            let items = graph.connectedItems + graph.connectedItems.reversed()
            let walks = Walks(on: Walker(on: graph), from: items, hops: 5, seed: 1, threads: 2)
            #expect(walks.count == items.count)
            for (walk, item) in items.enumerated() {
                let places = Array(walks.places(of: walk))
                #expect(places.count == 6 && places[0] == UInt32(item))
                for hop in 0..<5 {
                    let (from, to) = (places[hop], places[hop + 1])
                    #expect(edges.contains(hop.isMultiple(of: 2) ? [to, from] : [from, to]))
                }
            }
        }
    }

    @Test(arguments: [(false, 0), (true, 0), (true, 0.8), (false, 0.8)] as [(Bool, Float)])
    func `the ends of walks follow the exact transition probabilities`(
        isWeighted: Bool,
        damping: Float
    ) throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder, isWeighted: isWeighted)
            let walker = Walker(on: graph, damping: damping)
            let count = 20_000
            for item in graph.connectedItems.prefix(3) {
                let walks = Walks(
                    on: walker,
                    from: Array(repeating: item, count: count),
                    hops: 2,
                    seed: 3,
                    threads: 2
                )
                var ends = [Float](repeating: 0, count: graph.itemCount)
                for walk in 0..<count {
                    ends[Int(walks.places[3 * walk + 2])] += 1
                }
                for (end, chance) in zip(ends, exactStep(graph, from: item, damping: damping)) {
                    // Five standard deviations of a binomial share.
                    let bound = 5 * (chance * (1 - chance) / Float(count)).squareRoot() + 1e-5
                    #expect(abs(end / Float(count) - chance) <= bound)
                }
            }
        }
    }

    @Test func `a walk follows from the seed, its number and its item alone`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            let walker = Walker(on: graph)
            let items = (0..<4000).map { $0 % graph.itemCount }
            let walks = [1, 2, 5].map {
                Walks(on: walker, from: items, hops: 4, seed: 8, threads: $0)
            }
            #expect(walks[0] == walks[1] && walks[0] == walks[2])
            let few = Walks(on: walker, from: Array(items[..<7]), hops: 4, seed: 8, threads: 1)
            #expect(few.places == Array(walks[0].places[..<35]))
            let other = Walks(on: walker, from: items, hops: 4, seed: 9, threads: 1)
            #expect(other != walks[0])
        }
    }

    @Test func `from an item without an edge a walk leads nowhere`() throws {
        try withTemporaryFolder { folder in
            let graph = try smallGraph(in: folder)
            let walker = Walker(on: graph)
            let walks = Walks(on: walker, from: [4, 0, 4], hops: 2, seed: 1, threads: 1)
            #expect(Array(walks.places(of: 0)) == [4, Walks.nowhere, Walks.nowhere])
            #expect(!walks.places(of: 1).contains(Walks.nowhere))
            #expect(Array(walks.places(of: 2)) == [4, Walks.nowhere, Walks.nowhere])
            #expect(Walks(on: walker, from: [], hops: 2, seed: 1, threads: 2).count == 0)
            let ends = Walks(on: walker, from: [4, 3], hops: 0, seed: 1, threads: 2)
            #expect(ends.places == [4, 3])
        }
    }
}
