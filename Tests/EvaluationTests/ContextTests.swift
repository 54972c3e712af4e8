import Evaluation
import Foundation
import Testing
import Vectors

struct ContextTests {
    @Test func `the measures of a hand-computed example come out`() {
        // Scores are the only coordinate: best first 4, 3, 2, 1, 0. Known 4; so 3, 2, 1, 0.
        // Held out 3 (rank 1) and 1 (rank 3): DCG 1 + 1/log2(4) = 1.5, ideal 1 + 1/log2(3).
        let report = evaluateContexts(
            [ContextQuery(known: [4], heldOut: [3, 1])],
            vectors: Matrix(rows: 5, columns: 1, elements: [1, 2, 3, 4, 5]),
            metric: .innerProduct,
            candidates: Array(0..<5)
        )
        #expect(report.contexts == 1)
        #expect(report.recall == [20: 1, 100: 1])
        #expect(abs((report.ndcg[20] ?? 0) - 1.5 / (1 + 1 / log2(3))) < 1e-12)
        #expect(report.coverage == 4.0 / 5)
    }

    @Test func `an answer counts up to rank 20 and 100`() throws {
        // Hits at ranks 1, 20, 21, 100 and 101 of five held-out items.
        var tally = ContextTally(candidateCount: 400)
        tally.count(answer: Array(0..<200), heldOut: [0, 19, 20, 99, 100])
        let report = tally.report
        #expect(report.recall == [20: 2.0 / 5, 100: 4.0 / 5])
        let ideal = (1...5).reduce(0) { $0 + 1 / log2(Double(1 + $1)) }
        #expect(abs(try #require(report.ndcg[20]) - (1 + 1 / log2(21)) / ideal) < 1e-12)
        #expect(report.coverage == 20.0 / 400)
    }

    @Test func `the ideal gain is cut at rank 20`() {
        var tally = ContextTally(candidateCount: 50)
        tally.count(answer: Array(0..<30), heldOut: Array(0..<30))
        #expect(abs((tally.report.ndcg[20] ?? 0) - 1) < 1e-12)
        #expect(tally.report.recall == [20: 20.0 / 30, 100: 1])
    }

    @Test(arguments: Metric.allCases)
    func `the blocked rankings are those of a plain sort`(metric: Metric) {
        let vectors = randomMatrix(rows: 400, columns: 6, seed: 5)
        var generator = SeededGenerator(seed: 6)
        let candidates = (0..<400).filter { _ in generator.index(below: 4) > 0 }
        let queries = (0..<80).map { _ in
            let rows = (0..<12).map { _ in generator.index(below: 400) }
            return ContextQuery(known: Array(rows[..<4]), heldOut: Array(rows[4...]))
        }
        let report = evaluateContexts(
            queries,
            vectors: vectors,
            metric: metric,
            candidates: candidates
        )
        var tally = ContextTally(candidateCount: candidates.count)
        for query in queries {
            let sorted = sortedCandidates(
                for: ContextMap(nil, metric: metric).query(known: query.known, vectors: vectors),
                vectors: vectors,
                metric: metric,
                candidates: candidates,
                excluding: Set(query.known)
            )
            tally.count(answer: sorted.map(\.row), heldOut: query.heldOut)
        }
        #expect(report == tally.report)
    }

    @Test func `a context asks with the mean of its items at length one`() {
        let vectors = Matrix(rows: 3, columns: 2, elements: [2, 0, 0, 4, 7, 7])
        #expect(
            ContextMap(nil, metric: .cosine).query(known: [0, 1], vectors: vectors) == [0.5, 0.5]
        )
        #expect(
            ContextMap(nil, metric: .innerProduct).query(known: [0, 1], vectors: vectors) == [1, 2]
        )
        #expect(ContextMap(nil, metric: .l2).query(known: [], vectors: vectors) == [0, 0])
    }

    @Test func `a map turns the mean of a context's directions into its query`() {
        let vectors = Matrix(rows: 2, columns: 2, elements: [3, 0, 0, 0.5])
        let map = Matrix(rows: 2, columns: 2, elements: [2, 1, 0, 4])
        let query = ContextMap(map, metric: .innerProduct).query(known: [0, 1], vectors: vectors)
        #expect(query == [1, 2.5])
    }

    @Test func `known items take no place in the answer`() {
        // 20 known items would fill the answer if they were ranked.
        let vectors = Matrix(rows: 21, columns: 1, elements: (0..<21).map { Float(21 - $0) })
        let report = evaluateContexts(
            [ContextQuery(known: Array(0..<20), heldOut: [20])],
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<21)
        )
        #expect(report.recall == [20: 1, 100: 1])
        #expect(report.ndcg == [20: 1])
    }

    @Test func `a context without known items counts as missed`() {
        let report = evaluateContexts(
            [ContextQuery(known: [], heldOut: [0])],
            vectors: Matrix(rows: 2, columns: 1, elements: [1, 2]),
            metric: .innerProduct,
            candidates: [0, 1]
        )
        #expect(
            report
                == ContextReport(
                    contexts: 1,
                    recall: [20: 0, 100: 0],
                    ndcg: [20: 0],
                    coverage: 0
                )
        )
    }

    @Test func `a held-out item that is not ranked is a miss`() {
        let report = evaluateContexts(
            [ContextQuery(known: [0], heldOut: [1, 2])],
            vectors: Matrix(rows: 3, columns: 1, elements: [1, 2, 3]),
            metric: .innerProduct,
            candidates: [0, 1]
        )
        #expect(report.recall[20] == 1.0 / 2)
    }

    @Test func `contexts without held-out items are left out`() {
        let report = evaluateContexts(
            [ContextQuery(known: [0], heldOut: [])],
            vectors: Matrix(rows: 1, columns: 1, elements: [1]),
            metric: .cosine,
            candidates: []
        )
        #expect(
            report
                == ContextReport(
                    contexts: 0,
                    recall: [20: 0, 100: 0],
                    ndcg: [20: 0],
                    coverage: 0
                )
        )
    }

    @Test func `a score that is not a number is never in an answer`() {
        let report = evaluateContexts(
            [ContextQuery(known: [0], heldOut: [1])],
            vectors: Matrix(rows: 3, columns: 1, elements: [1, .nan, 1]),
            metric: .innerProduct,
            candidates: [0, 1, 2]
        )
        #expect(report.recall[20] == 0)
        #expect(report.coverage == 1.0 / 3)
    }

    @Test func `a report has the keys of the contract`() throws {
        var tally = ContextTally(candidateCount: 2)
        tally.count(answer: [0], heldOut: [0])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(tally.report), as: UTF8.self)
        #expect(
            json
                == #"{"contexts":1,"coverage":0.5,"ndcg":{"20":1},"recall":{"100":1,"20":1}}"#
        )
    }
}
