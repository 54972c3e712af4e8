import Testing
import Vectors

struct TopKTests {
    /// Candidates in random order, each row once, whose few scores make many ties.
    private static func candidates(_ count: Int, scores: Int, seed: UInt64) -> [Candidate] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).shuffled(using: &generator).map { row in
            Candidate(row: row, score: Float(generator.index(below: scores)) - 2)
        }
    }

    @Test(arguments: [0, 1, 2, 3, 10, 99, 100, 101, 5000], [2, 7, 1_000_000])
    func `the best k are the first k of all, sorted`(k: Int, scores: Int) {
        for seed in 0..<5 as Range<UInt64> {
            let candidates = Self.candidates(100, scores: scores, seed: seed)
            var best = TopK(k)
            for candidate in candidates {
                best.insert(candidate)
            }
            #expect(best.sorted == Array(candidates.sorted { $0.precedes($1) }.prefix(k)))
        }
    }

    @Test func `the order of insertion does not matter, even among equal scores`() {
        let candidates = Self.candidates(60, scores: 3, seed: 1)
        var (forwards, backwards) = (TopK(7), TopK(7))
        for (first, second) in zip(candidates, candidates.reversed()) {
            forwards.insert(first)
            backwards.insert(second)
        }
        #expect(forwards.sorted == backwards.sorted)
    }

    @Test func `the threshold is the worst score kept, once there is no more room`() {
        var best = TopK(2)
        #expect(best.threshold == -.infinity)
        best.insert(Candidate(row: 0, score: 3))
        #expect(best.threshold == -.infinity)
        best.insert(Candidate(row: 1, score: 1))
        #expect(best.threshold == 1)
        best.insert(Candidate(row: 2, score: 2))
        #expect(best.threshold == 2)
    }

    @Test func `the best none take nothing, and no score reaches them`() {
        var best = TopK(0)
        best.insert(Candidate(row: 0, score: .infinity))
        #expect(best.sorted.isEmpty)
        #expect(best.threshold == .infinity)
    }

    @Test func `a negative k is a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) { _ = TopK(-1) }
    }
}
