import Retrieval
import Testing
import Vectors

@testable import Commands

struct AnswerSourceTests {
    /// The first `k` of `count` candidates, best first.
    private func answer(_ k: Int, of count: Int) -> [Candidate] {
        (0..<min(k, count)).map { Candidate(row: $0, score: -Float($0)) }
    }

    @Test func `an index is asked for twice as many while too few candidates are wanted`() async {
        var asked: [Int] = []
        let found = await nearestCandidates(
            5,
            asking: 5,
            wanted: { $0.row.isMultiple(of: 3) },
            ask: { k in
                asked.append(k)
                return answer(k, of: 1_000)
            }
        )
        #expect(asked == [5, 10, 20])
        #expect(found.map(\.row) == [0, 3, 6, 9, 12, 15, 18])
    }

    @Test func `an index that has no more, or returns no more, is not asked again`() async {
        for (count, last) in [(7, 12), (20_000, Generation.maximumK)] {
            var asked: [Int] = []
            let found = await nearestCandidates(
                5,
                asking: 6,
                wanted: { $0.row == 2 },
                ask: { k in
                    asked.append(k)
                    return answer(k, of: count)
                }
            )
            #expect(asked.last == last)
            #expect(found.map(\.row) == [2])
        }
    }
}
