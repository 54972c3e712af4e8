import Testing
import Vectors

@testable import Sampling

struct AliasTableTests {
    /// The exact chance of each entry, from the cells alone.
    private func chances(_ table: AliasTable) -> [Double] {
        let cells = table.cells
        var chances = [Double](repeating: 0, count: cells.count)
        for (own, cell) in cells.enumerated() {
            let share = cell.shift == 0 ? 1 : Double(cell.threshold) * 0x1p-32
            chances[own] += share / Double(cells.count)
            chances[own + Int(cell.shift)] += (1 - share) / Double(cells.count)
        }
        return chances
    }

    @Test(
        arguments: [
            [1], [1, 1, 1], [3, 1], [0, 1, 0, 0], [1e-30, 1, 1e30], [5, 0, 2, 2, 0.5, 11, 0.01],
            (1...999).map { 1 / Double($0) },
        ] as [[Double]]
    )
    func `cells hold the weights to nine digits`(weights: [Double]) {
        let total = weights.reduce(0, +)
        for (chance, weight) in zip(chances(AliasTable(weights)), weights) {
            #expect(abs(chance - weight / total) < 1e-9)
            if weight == 0 { #expect(chance == 0) }
        }
    }

    @Test func `weights of nothing are drawn evenly`() {
        #expect(chances(AliasTable([0, 0])) == [0.5, 0.5])
    }

    @Test func `draws follow the cells at both ends of the random numbers`() {
        let table = AliasTable([1, 3, 0])
        #expect(table.draw(0) == 0)
        #expect(table.draw(.max) == 1)
        var generator = SeededGenerator(seed: 1)
        var counts = [0, 0, 0]
        for _ in 0..<40_000 {
            counts[table.draw(generator.next())] += 1
        }
        #expect(counts[2] == 0)
        #expect(abs(counts[0] - 10_000) < 500)
    }
}
