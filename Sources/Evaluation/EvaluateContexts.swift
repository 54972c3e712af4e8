package import Vectors

/// Ranks all candidates, except a context's known items, for every context: exactly, without an
/// index.
///
/// A context's query is that of the ``ContextMap`` of `contextMap`. A context without known items has
/// nothing to ask with: its held-out items count as missed. So do held-out items that are not
/// candidates. Of tied candidates the one of the lower row comes first.
///
/// `vectors` has a row for each item; rows of `queries` and `candidates` point into it.
///
/// - Complexity: O(n c d) for n contexts, c candidates, dimension d.
package func evaluateContexts(
    _ queries: [ContextQuery],
    vectors: Matrix,
    metric: Metric,
    candidates: [Int],
    contextMap: Matrix? = nil,
    threads: Int = 1
) -> ContextReport {
    let map = ContextMap(contextMap, metric: metric)
    let ranking = Ranking(
        vectors: vectors,
        metric: metric,
        candidates: candidates,
        threads: threads
    )
    let depth = ContextReport.recallDepths.max() ?? 0
    let measured = queries.filter(\.isMeasured)
    var tally = ContextTally(candidateCount: ranking.rows.count)
    for block in ranking.blocks(of: measured.count) {
        var scores = ranking.scores(
            of: map.queries(of: measured[block].map(\.known), vectors: vectors)
        )
        for (row, context) in measured[block].enumerated() {
            for position in context.known.compactMap(ranking.position) {
                scores[row, position] = -.infinity
            }
            let range = scores.range(ofRow: row)
            let best = best(depth, of: scores.elements.span.extracting(range))
            let answer = context.known.isEmpty ? [] : best.map { ranking.rows[$0.row] }
            tally.count(
                answer: answer,
                heldOut: context.heldOut,
                missing: context.missing
            )
        }
    }
    return tally.report
}

/// Measures contexts by what an index or a daemon returns: each is asked for once at each depth of
/// a report, as a client that wants so many would ask.
///
/// `answer` is given a context that has known items, and a depth, and returns the `depth` nearest
/// items or more, best first; known items may be among them and are passed over.
/// `candidateCount` is the number of items that could have been returned.
///
/// - Throws: what `answer` throws, and nothing else.
package func evaluateContexts(
    _ queries: [ContextQuery],
    candidateCount: Int,
    answer: (_ context: ContextQuery, _ depth: Int) async throws -> [Candidate]
) async rethrows -> ContextReport {
    var tally = ContextTally(candidateCount: candidateCount)
    for context in queries where context.isMeasured {
        let known = Set(context.known)
        var answers: [[Int]] = []
        for depth in ContextReport.recallDepths {
            let candidates = known.isEmpty ? [] : try await answer(context, depth)
            answers.append(candidates.map(\.row).filter { !known.contains($0) })
        }
        tally.count(
            answers: answers,
            heldOut: context.heldOut,
            missing: context.missing
        )
    }
    return tally.report
}

/// The best `k` of a row of scores, best first, with their positions as rows; masked candidates
/// (minus infinity) and scores that are not numbers are never among them.
private func best(_ k: Int, of scores: Span<Float>) -> [Candidate] {
    var top = TopK(k)
    // Kept here because nearly every candidate fails this one comparison.
    var threshold = top.threshold
    for index in scores.indices where scores[index] > threshold {
        top.insert(Candidate(row: index, score: scores[index]))
        threshold = top.threshold
    }
    return top.sorted
}
