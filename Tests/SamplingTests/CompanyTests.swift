import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Sampling

struct CompanyTests {
    /// The visits of the walks from each item, by hand: (the sum of roots) squared, best first.
    private func expected(
        _ walker: Walker,
        _ counts: [(item: Int, walks: Int)],
        _ settings: WalkSettings
    ) -> [Candidate] {
        var roots: [UInt32: Float] = [:]
        for (item, count) in counts {
            var walks = RestartWalks(
                with: walker,
                walks: count,
                length: settings.length,
                restart: settings.restart
            )
            walks.run(count, from: item, WalkRandom(seed: 3, stream: item))
            for visits in walks.visits.take(except: item) {
                roots[visits.item, default: 0] += Float(visits.count).squareRoot()
            }
        }
        for (item, _) in counts { roots[UInt32(item)] = nil }
        return roots.map { Candidate(row: Int($0.key), score: $0.value * $0.value) }
            .sorted { $0.precedes($1) }
    }

    @Test func `walks are shared out by weight and degree, and agreement counts for more`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            let walker = Walker(on: graph)
            var settings = WalkSettings()
            settings.walks = 1000
            let items = Array(graph.connectedItems.prefix(2))
            let highest = Double((0..<graph.itemCount).map(graph.items.degree).max() ?? 0)
            let shares = zip(items, [1, 3] as [Double]).map { item, weight in
                let degree = Double(graph.items.degree(of: item))
                return weight * degree * (highest - log(degree))
            }
            let counts = shares.map { Int(1000 * $0 / (shares[0] + shares[1])) }
            let company = walker.company(
                of: [(items[0], 1), (items[1], 3)],
                limit: 20,
                settings: settings,
                seed: 3
            )
            let all = expected(walker, Array(zip(items, counts).map { ($0, $1) }), settings)
            #expect(company.map(\.row) == all.prefix(20).map(\.row))
            for (found, candidate) in zip(company, all) {
                #expect(abs(found.score - candidate.score) <= 1e-4 * candidate.score)
            }
        }
    }

    @Test func `an item that two of the query visit comes first`() throws {
        try withTemporaryFolder { folder in
            // Items 0 and 1 meet 2; item 0 alone meets 3.
            let ends: [(UInt32, UInt32)] = [
                (0, 0), (0, 2), (1, 1), (1, 2), (2, 0), (2, 3), (3, 1), (3, 4),
            ]
            let graph = try Graph.build(
                ends.map { Edge(context: $0.0, item: $0.1) },
                contextCount: 4,
                itemCount: 6,
                at: folder.appendingPathComponent("graph.csr")
            )
            let walker = Walker(on: graph)
            let company = walker.company(
                of: [(0, 1), (1, 1), (5, 1)],
                limit: 6,
                settings: WalkSettings(),
                seed: 1
            )
            #expect(company.first?.row == 2)
            #expect(company.map(\.row).sorted() == [2, 3, 4])
            for query in [[], [(5, 1)]] as [[(item: Int, weight: Float)]] {
                let none = walker.company(of: query, limit: 3, settings: WalkSettings(), seed: 1)
                #expect(none.isEmpty)
            }
        }
    }
}
