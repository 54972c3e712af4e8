import Evaluation
import Foundation
import Testing
import Vectors

struct PairTests {
    /// Six points on a line, told apart by their only coordinate.
    private let line = Matrix(rows: 6, columns: 1, elements: [0, 1, 2, 3, 4, 5])

    @Test func `the measures of a hand-computed example come out`() {
        // From 0 by distance: 1, 2, 3, 4, 5. Item 2 has rank 2, item 5 has rank 5.
        let report = evaluatePairs(
            [Pair(query: 0, item: 2), Pair(query: 0, item: 5)],
            vectors: line,
            metric: .l2,
            candidates: Array(0..<6)
        )
        let reciprocals = (1.0 / 2 + 1.0 / 5) / 2
        #expect(
            report
                == PairReport(
                    pairs: 2,
                    hitRate: [10: 1, 50: 1, 500: 1],
                    mrr100: 1,
                    mrr: reciprocals
                )
        )
    }

    @Test(arguments: [
        OneRank(rank: 1, hits: [1, 1, 1], mrr100: 1),
        OneRank(rank: 10, hits: [1, 1, 1], mrr100: 1),
        OneRank(rank: 10.5, hits: [0, 1, 1], mrr100: 1),
        OneRank(rank: 100, hits: [0, 0, 1], mrr100: 1),
        OneRank(rank: 101, hits: [0, 0, 1], mrr100: 1.0 / 2),
        OneRank(rank: 501, hits: [0, 0, 0], mrr100: 1.0 / 6),
    ])
    func `a rank counts at every depth that reaches it`(example: OneRank) {
        var tally = PairTally()
        tally.count(rank: example.rank)
        #expect(
            tally.report
                == PairReport(
                    pairs: 1,
                    hitRate: Dictionary(uniqueKeysWithValues: zip([10, 50, 500], example.hits)),
                    mrr100: example.mrr100,
                    mrr: 1 / example.rank
                )
        )
    }

    @Test(arguments: Metric.allCases)
    func `the blocked ranks are the ranks of a plain sort`(metric: Metric) {
        let vectors = randomMatrix(rows: 700, columns: 5, seed: 1)
        var generator = SeededGenerator(seed: 2)
        let candidates = (0..<700).filter { _ in generator.index(below: 3) > 0 }
        let pairs = (0..<300).map { _ in
            Pair(query: generator.index(below: 700), item: generator.index(below: 700))
        }
        let report = evaluatePairs(
            pairs,
            vectors: vectors,
            metric: metric,
            candidates: candidates
        )
        var tally = PairTally()
        for pair in pairs {
            tally.count(
                rank: sortedRank(of: pair, vectors: vectors, metric: metric, candidates: candidates)
            )
        }
        expectEqual(report, tally.report)
    }

    @Test func `the order of the pairs and of the candidates does not matter`() {
        let vectors = randomMatrix(rows: 60, columns: 4, seed: 3)
        let pairs = (0..<59).map { Pair(query: $0 % 7, item: $0 + 1) }
        let report = evaluatePairs(
            pairs,
            vectors: vectors,
            metric: .cosine,
            candidates: Array(0..<60)
        )
        let reversed = evaluatePairs(
            pairs.reversed(),
            vectors: vectors,
            metric: .cosine,
            candidates: (0..<60).reversed() + [3, 3]
        )
        expectEqual(report, reversed)
    }

    @Test func `candidates that tie with the item count half`() {
        // For 0, items 1, 2 and 3 all score 1, so each of them has rank 2; 4 scores 0.
        let vectors = Matrix(rows: 5, columns: 1, elements: [1, 1, 1, 1, 0])
        let report = evaluatePairs(
            [Pair(query: 0, item: 2)],
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<5)
        )
        #expect(report.mrr == 1.0 / 2)
    }

    @Test func `embeddings that are all equal rank every item in the middle`() {
        let vectors = Matrix(rows: 101, columns: 1, elements: [Float](repeating: 1, count: 101))
        let report = evaluatePairs(
            (1..<101).map { Pair(query: 0, item: $0) },
            vectors: vectors,
            metric: .cosine,
            candidates: Array(0..<101)
        )
        #expect(report.hitRate == [10: 0, 50: 0, 500: 1])
        #expect(abs(report.mrr - 1 / 50.5) < 1e-12)
    }

    @Test func `a score that is not a number never counts as a hit`() {
        var vectors = randomMatrix(rows: 30, columns: 2, seed: 4)
        vectors[5, 0] = .nan
        let report = evaluatePairs(
            [Pair(query: 0, item: 5), Pair(query: 5, item: 1)],
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<30)
        )
        #expect(report.hitRate[10] == 0)
    }

    @Test(arguments: [
        Pair(query: 0, item: 4),  // not a candidate
        Pair(query: 1, item: 1),  // its own query
    ])
    func `an item that is not ranked is a miss`(pair: Pair) {
        let report = evaluatePairs([pair], vectors: line, metric: .l2, candidates: [1, 2, 3])
        #expect(
            report
                == PairReport(pairs: 1, hitRate: [10: 0, 50: 0, 500: 0], mrr100: 0, mrr: 0)
        )
    }

    @Test func `a query may be no candidate itself`() {
        let report = evaluatePairs(
            [Pair(query: 0, item: 3)],
            vectors: line,
            metric: .l2,
            candidates: [2, 3]
        )
        #expect(report.mrr == 1.0 / 2)
    }

    @Test(arguments: [[], [0, 1]])
    func `no pairs give a report of zeros`(candidates: [Int]) {
        let report = evaluatePairs([], vectors: line, metric: .cosine, candidates: candidates)
        #expect(
            report
                == PairReport(pairs: 0, hitRate: [10: 0, 50: 0, 500: 0], mrr100: 0, mrr: 0)
        )
    }

    @Test func `a report has the keys of the contract`() throws {
        var tally = PairTally()
        tally.count(rank: 20)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(tally.report), as: UTF8.self)
        #expect(
            json == #"{"hit_rate":{"10":0,"50":1,"500":1},"mrr":0.05,"mrr100":1,"pairs":1}"#
        )
    }
}

/// The measures that a single pair of this rank must give.
struct OneRank {
    let rank: Double
    /// The hit-rates at 10, 50 and 500.
    let hits: [Double]
    let mrr100: Double
}

/// Compares two reports whose sums may have been taken in different orders.
private func expectEqual(
    _ a: PairReport,
    _ b: PairReport,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(a.pairs == b.pairs, sourceLocation: sourceLocation)
    #expect(a.hitRate == b.hitRate, sourceLocation: sourceLocation)
    #expect(abs(a.mrr100 - b.mrr100) < 1e-9, sourceLocation: sourceLocation)
    #expect(abs(a.mrr - b.mrr) < 1e-9, sourceLocation: sourceLocation)
}
