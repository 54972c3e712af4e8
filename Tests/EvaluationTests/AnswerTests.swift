import Evaluation
import Testing
import Vectors

/// The measures taken from answers, as an index or a daemon gives them.
struct AnswerTests {
    private let vectors = randomMatrix(rows: 90, columns: 3, seed: 7)

    @Test func `answers that leave nothing out measure as exact ranking does`() async {
        let pairs = (0..<89).map { Pair(query: $0 % 11, item: $0 + 1) }
        let exact = evaluatePairs(
            pairs,
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<90)
        )
        let answered = await evaluatePairs(pairs) { query, _ in
            everything(for: vectors.row(query))
        }
        #expect(exact.hitRate == answered.hitRate)
        #expect(abs(exact.mrr - answered.mrr) < 1e-9)

        let contexts = (0..<20).map { ContextQuery(known: [$0, $0 + 20], heldOut: [$0 + 40, 80]) }
        let exactContexts = evaluateContexts(
            contexts,
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<90)
        )
        let answeredContexts = await evaluateContexts(contexts, candidateCount: 90) { context, _ in
            everything(
                for: ContextMap(nil, metric: .innerProduct)
                    .query(known: context.known, vectors: vectors)
            )
        }
        #expect(exactContexts == answeredContexts)
    }

    @Test func `an item that was not returned has no rank`() {
        let answer = [Candidate(row: 3, score: 2), Candidate(row: 4, score: 1)]
        #expect(rank(of: 4, in: answer, to: 0) == 2)
        #expect(rank(of: 5, in: answer, to: 0) == nil)
        #expect(rank(of: 3, in: [], to: 0) == nil)
    }

    @Test func `the query takes no place in its own answer`() {
        let answer = [Candidate(row: 0, score: 9), Candidate(row: 3, score: 2)]
        #expect(rank(of: 3, in: answer, to: 0) == 1)
        #expect(rank(of: 0, in: answer, to: 0) == nil)
    }

    @Test func `returned candidates that tie count half`() {
        let answer = (1...4).map { Candidate(row: $0, score: 1) }
        #expect(rank(of: 1, in: answer, to: 0) == 2.5)
        #expect(rank(of: 4, in: answer, to: 0) == 2.5)
    }

    @Test func `each query is asked once at each depth`() async {
        var asked: [[Int]] = []
        let pairs = [5, 3, 5, 3, 5].map { Pair(query: $0, item: 1) }
        let report = await evaluatePairs(pairs) { query, depth in
            asked.append([query, depth])
            return [Candidate(row: 1, score: 1)]
        }
        #expect(asked == [3, 5].flatMap { query in [10, 50, 500].map { [query, $0] } })
        #expect(report.hitRate[10] == 1)
    }

    @Test func `a hit is told by the answer of its depth`() async {
        // The search for 50 misses what those for 10 and 500 find.
        let report = await evaluatePairs([Pair(query: 0, item: 1)]) { _, depth in
            depth == 50 ? [] : [Candidate(row: 1, score: 1)]
        }
        #expect(report.hitRate == [10: 1, 50: 0, 500: 1])
        #expect(report.mrr == 1)

        let contexts = [ContextQuery(known: [0], heldOut: [1])]
        let found = await evaluateContexts(contexts, candidateCount: 2) { _, depth in
            depth == 20 ? [] : [Candidate(row: 1, score: 1)]
        }
        #expect(found.recall == [20: 0, 100: 1])
        #expect(found.ndcg == [20: 0])
        #expect(found.coverage == 0)
    }

    @Test func `ranks beyond the cut of an answer add nothing to the means`() async {
        let answer = (1...600).map { Candidate(row: $0, score: Float(-$0)) }
        let pairs = [500, 501, 601].map { Pair(query: 0, item: $0) }
        let report = await evaluatePairs(pairs) { _, _ in answer }
        #expect(report.cut == 500)
        #expect(abs(report.mrr100 - 1 / 5.0 / 3) < 1e-12)
        #expect(abs(report.mrr - 1 / 500.0 / 3) < 1e-12)
    }

    @Test func `an answer that fails ends the measurement with its error`() async {
        struct Refused: Error {}
        await #expect(throws: Refused.self) {
            try await evaluatePairs([Pair(query: 0, item: 1)]) { _, _ in throw Refused() }
        }
        await #expect(throws: Refused.self) {
            try await evaluateContexts(
                [ContextQuery(known: [0], heldOut: [1])],
                candidateCount: 2
            ) { _, _ in throw Refused() }
        }
    }

    private func everything(for query: [Float]) -> [Candidate] {
        sortedCandidates(
            for: query,
            vectors: vectors,
            metric: .innerProduct,
            candidates: Array(0..<90),
            excluding: []
        )
    }
}
