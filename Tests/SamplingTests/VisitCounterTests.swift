import Testing
import Vectors

@testable import Sampling

struct VisitCounterTests {
    @Test(arguments: [0, 1, 7, 50, 1000], [1, 30, 5000])
    func `the most visited are those of a sorted table`(limit: Int, items: Int) {
        var generator = SeededGenerator(seed: UInt64(limit))
        var counter = VisitCounter(visits: 600, itemCount: items)
        // Twice, since the counter's memory is used again.
        for _ in 0..<2 {
            var table: [UInt32: Int] = [:]
            for _ in 0..<20 {
                let visits = (0..<30).map { _ in
                    UInt32(generator.index(below: items) * generator.index(below: 2))
                }
                counter.count(visits[...])
                for item in visits { table[item, default: 0] += 1 }
            }
            table[0] = nil
            let expected = table.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
            let found = counter.takeMostVisited(limit, except: 0)
            #expect(found.map(\.item) == expected.map(\.key))
            #expect(found.map(\.count) == expected.map(\.value))
        }
    }

    @Test func `the highest numbers of items are counted too`() {
        var counter = VisitCounter(visits: 4, itemCount: 1 << 32)
        counter.count([.max, .max - 1, .max, 0][...])
        let found = counter.takeMostVisited(2, except: 7)
        #expect(found.map(\.item) == [.max, 0] && found.map(\.count) == [2, 1])
    }
}
