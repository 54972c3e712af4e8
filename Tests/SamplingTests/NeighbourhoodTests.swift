import Foundation
import Graph
import TestSupport
import Testing

@testable import Sampling

struct NeighbourhoodTests {
    @Test(arguments: [false, true])
    func `neighbourhoods of some items are those among all items`(isWeighted: Bool) throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder, isWeighted: isWeighted)
            var settings = WalkSettings()
            settings.mostWalks = 900
            settings.damping = 0.3
            let all = Neighbourhoods(of: graph, settings: settings, seed: 2, threads: 2)
            let items = [200, 3, 77, 3, 0]
            let some = Neighbourhoods(
                of: items,
                with: Walker(on: graph, damping: 0.3),
                settings: settings,
                seed: 2,
                threads: 2
            )
            #expect(some.itemCount == items.count)
            for (place, item) in items.enumerated() {
                let (here, there) = (some.range(of: place), all.range(of: item))
                #expect(some.neighbours[here].elementsEqual(all.neighbours[there]))
                #expect(some.importances[here].elementsEqual(all.importances[there]))
            }
        }
    }

    @Test func `importances are those of walks taken one by one`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            var settings = WalkSettings()
            settings.walks = 2 * WalkBatch.size + 100
            settings.neighbours = 10
            let items = [0, 9, 100]
            let found = Neighbourhoods(
                of: items,
                with: Walker(on: graph),
                settings: settings,
                seed: 6,
                threads: 1
            )
            for (place, item) in items.enumerated() {
                var table: [UInt32: Int] = [:]
                let random = WalkRandom(seed: 6, stream: item)
                for walk in 0..<settings.walks {
                    var numbers = random.advanced(by: walk * 9)
                    var end = item
                    for _ in 0..<3 {
                        for direction in [graph.items, graph.contexts] {
                            let degree = UInt64(direction.degree(of: end))
                            let offset = numbers.next().multipliedFullWidth(by: degree).high
                            end = direction.neighbour(of: end, at: Int(offset))
                        }
                        table[UInt32(end), default: 0] += 1
                        guard numbers.next() >> 63 == 1 else { break }
                    }
                }
                table[UInt32(item)] = nil
                let best = table.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
                let total = best.reduce(0) { $0 + Float($1.value) }
                let range = found.range(of: place)
                #expect(Array(found.neighbours[range]) == best.map(\.key))
                #expect(Array(found.importances[range]) == best.map { Float($0.value) / total })
            }
        }
    }

    @Test func `walks grow with the degree as Pixie's budget says, between bounds`() throws {
        try withTemporaryFolder { folder in
            let graph = try unevenGraph(in: folder)
            let highest = (0..<graph.itemCount).map(graph.items.degree).max() ?? 0
            try #require(highest > 20)
            let budget = WalkBudget(of: Walker(on: graph), least: 100, most: 1500)
            #expect(budget.walks(ofDegree: 1) == 100)
            let share = 5 * (Double(highest) - log(5)) / Double(highest)
            #expect(budget.walks(ofDegree: 5) == Int(100 * share))
            #expect(budget.walks(ofDegree: highest) == 1500)
            let fixed = WalkBudget(of: Walker(on: graph), least: 100, most: 0)
            #expect([1, 5, highest].map(fixed.walks(ofDegree:)) == [100, 100, 100])
        }
    }

    @Test func `settings written before the budget was one are read`() throws {
        let text = """
            {"walks": 50, "length": 2, "restart": 0.25, "neighbours": 7, "damping": 0.5}
            """
        let settings = try JSONDecoder().decode(WalkSettings.self, from: Data(text.utf8))
        #expect(settings.walks == 50 && settings.length == 2 && settings.restart == 0.25)
        #expect(settings.neighbours == 7 && settings.damping == 0.5 && settings.mostWalks == 0)
        let again = try JSONDecoder().decode(
            WalkSettings.self,
            from: JSONEncoder().encode(settings)
        )
        #expect(again == settings)
    }
}
