import Testing
import Vectors

struct SeededGeneratorTests {
    @Test func `the course of a seed is that of xoshiro256** seeded by splitmix64`() {
        // Vigna's splitmix64.c and xoshiro256starstar.c, seeded with 0.
        var generator = SeededGenerator(seed: 0)
        #expect(generator.next() == 0x99EC_5F36_CB75_F2B4)
        #expect(generator.next() == 0xBF6E_1F78_4956_452A)
        #expect(generator.next() == 0x1A5F_849D_4933_E6E0)
    }

    @Test func `one seed and stream is one course, and another is another`() {
        func course(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
            var generator = SeededGenerator(seed: seed, stream: stream)
            return (0..<20).map { _ in generator.next() }
        }
        #expect(course(1, 2) == course(1, 2))
        let streams = [0, 1, 2, 3, 1000, .max].map { course(7, $0) }
        #expect(Set(streams.joined()).count == 120)
        #expect(Set(course(7, 0)).isDisjoint(with: course(8, 0)))
    }

    @Test(arguments: [1, 2, 3, 10, 1000, 1_000_003])
    func `an index is below its bound, and every part of the range is as likely`(bound: Int) {
        var generator = SeededGenerator(seed: 3)
        let (draws, bins) = (40_000, min(bound, 10))
        var counts = [Int](repeating: 0, count: bins)
        let indices = (0..<draws).map { _ in generator.index(below: bound) }
        #expect(indices.allSatisfy { (0..<bound).contains($0) })
        for index in indices {
            counts[index * bins / bound] += 1
        }
        // Chi-squared of 9 degrees of freedom is below 34 in all but 1 of 10,000 cases.
        let expected = Double(draws) / Double(bins)
        let chiSquared = counts.reduce(0) { sum, count in
            sum + (Double(count) - expected) * (Double(count) - expected) / expected
        }
        #expect(chiSquared < 34)
    }

    @Test func `a unit number lies in 0..<1, evenly`() {
        var generator = SeededGenerator(seed: 4)
        let numbers = (0..<40_000).map { _ in Double(generator.unit()) }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        let (mean, variance) = moments(numbers)
        #expect(abs(mean - 0.5) < 0.01)
        #expect(abs(variance - 1.0 / 12) < 0.003)
    }

    @Test func `a normal number has mean 0, variance 1, and the shares of the bell`() {
        var generator = SeededGenerator(seed: 5)
        let numbers = (0..<40_000).map { _ in Double(generator.normal()) }
        #expect(numbers.allSatisfy { $0.isFinite })
        let (mean, variance) = moments(numbers)
        #expect(abs(mean) < 0.025)
        #expect(abs(variance - 1) < 0.04)
        for (bound, share) in [(1, 0.6827), (2, 0.9545)] {
            let inside = numbers.count { abs($0) < Double(bound) }
            #expect(abs(Double(inside) / 40_000 - share) < 0.012)
        }
    }

    private func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
        let count = Double(numbers.count)
        let mean = numbers.reduce(0, +) / count
        return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
    }
}
