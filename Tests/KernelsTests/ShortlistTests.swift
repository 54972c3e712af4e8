import Kernels
import Testing
import Vectors

struct ShortlistTests {
    private static let levels = KernelSet.Level.allCases.compactMap { KernelSet($0) }

    /// What is left of `scores` when they are trimmed at once, as their places.
    private func trimmed(
        _ scores: [Float],
        wanted: Int,
        slack: Int,
        by kernels: KernelSet
    ) -> [Int] {
        var shortlist = Shortlist()
        shortlist.begin(wanted: wanted, slack: slack)
        for (place, score) in scores.enumerated() {
            shortlist.append(position: place, score: score)
        }
        shortlist.trim(by: kernels)
        return (0..<shortlist.count).map { shortlist[$0].position }
    }

    @Test(arguments: [1, 2, 10, 100, 333, 999, 1_000, 2_000], [0, 1, 13])
    func `the best are kept, in their order`(wanted: Int, slack: Int) {
        var generator = SeededGenerator(seed: 1)
        let scores = (0..<1_000).map { _ in generator.normal() }
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        for kernels in Self.levels {
            let kept = trimmed(scores, wanted: wanted, slack: slack, by: kernels)
            #expect(kept.count >= min(wanted, 1_000) && kept.count <= max(wanted + slack, 0))
            #expect(kept == order.prefix(kept.count).sorted())
        }
    }

    @Test(
        arguments: [
            [1, 1, 1, 1, 1, 1], [2, 1, 1, 1, 1, 3], [0, -0.0, 0, -0.0, 1e-38, -1e-38],
            [3e38, -3e38, 1e38, -1e38, 0, 2e38], [1, 1.0000001, 1, 1.0000001, 1, 1],
            [1e-30, 1e30, 1e-20, 1e20, 1e-10, 1e10],
        ] as [[Float]]
    )
    func `equal and extreme scores come to an end, with exactly as many`(scores: [Float]) {
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        for kernels in Self.levels {
            for wanted in 1...6 {
                let kept = trimmed(scores, wanted: wanted, slack: 0, by: kernels)
                #expect(
                    kept.map { scores[$0] }.sorted()
                        == order.prefix(wanted).map { scores[$0] }.sorted()
                )
            }
        }
    }

    @Test
    func `what is not above the threshold is not taken any more`() {
        var shortlist = Shortlist()
        shortlist.begin(wanted: 2, slack: 0)
        for score in [5, 1, 4, 3] as [Float] {
            shortlist.append(position: Int(score), score: score)
        }
        shortlist.trim(by: .best)
        shortlist.append(position: 3, score: 3)
        #expect(shortlist.count == 2)
        shortlist.append(position: 6, score: 6)
        shortlist.sort()
        #expect((0..<3).map { shortlist[$0].position } == [6, 5, 4])
        shortlist.filter(from: 1) { $0 != 5 }
        #expect((0..<2).map { shortlist[$0].position } == [6, 4])
        shortlist.begin(wanted: 1, slack: 0)
        #expect(shortlist.count == 0)
    }

    @Test(arguments: [0, 1, 2, 10, 1_000])
    func `sorting brings the best first, and equal ones by position`(count: Int) {
        var generator = SeededGenerator(seed: 2)
        var shortlist = Shortlist()
        shortlist.begin(wanted: count, slack: 0)
        var all: [(Float, Int)] = []
        for _ in 0..<count {
            let found = (Float(generator.index(below: 50)), generator.index(below: 10_000))
            shortlist.append(position: found.1, score: found.0)
            all.append(found)
        }
        shortlist.sort()
        let expected = all.sorted { (-$0.0, $0.1) < (-$1.0, $1.1) }.map(\.1)
        #expect((0..<count).map { shortlist[$0].position } == expected)
    }
}
