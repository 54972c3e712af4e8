package import Vectors

/// Ranks all candidates, except the query itself, for the query of every pair: exactly, without
/// an index.
///
/// R is the rank of the pair's item, where a tie counts half. An item that is not a candidate, or
/// is its own query, has no rank: a miss. A score that is not a number counts as better than all
/// others, so that a broken model never looks good.
///
/// `vectors` has a row for each item; rows of `pairs` and `candidates` point into it. The products
/// use `threads` threads.
///
/// - Complexity: O(q c d + p c) for q distinct queries, p pairs, c candidates, dimension d.
package func evaluatePairs(
    _ pairs: [Pair],
    vectors: Matrix,
    metric: Metric,
    candidates: [Int],
    threads: Int = 1
) -> PairReport {
    let ranking = Ranking(
        vectors: vectors,
        metric: metric,
        candidates: candidates,
        threads: threads
    )
    let groups = groupedByQuery(pairs)
    var tally = PairTally()
    for block in ranking.blocks(of: groups.count) {
        var scores = ranking.scores(of: ranking.vectors.gather(groups[block].map(\.query)))
        for (row, group) in groups[block].enumerated() {
            if let position = ranking.position(ofRow: group.query) {
                scores[row, position] = -.infinity
            }
            let rowScores = scores.elements.span.extracting(scores.range(ofRow: row))
            for item in group.items {
                guard item != group.query, let position = ranking.position(ofRow: item) else {
                    tally.count(rank: nil)
                    continue
                }
                tally.count(rank: rank(of: rowScores[position], among: rowScores))
            }
        }
    }
    return tally.report
}

/// Measures pairs by what an index or a daemon returns: each distinct query is asked once for each
/// depth of a report, as a client that wants so many would ask.
///
/// `answer` is given the row of a query and a depth, and returns the `depth` nearest items or more,
/// all of which could be right; the query itself may be among them. An item that was not returned
/// has no rank. A hit-rate is told by the answers of its depth, the reciprocal ranks by those of
/// the last, at which they are cut.
///
/// - Throws: what `answer` throws, and nothing else.
package func evaluatePairs(
    _ pairs: [Pair],
    answer: (_ query: Int, _ depth: Int) async throws -> [Candidate]
) async rethrows -> PairReport {
    var tally = PairTally(cut: PairReport.depths.last)
    for group in groupedByQuery(pairs) {
        var answers: [[Candidate]] = []
        for depth in PairReport.depths {
            answers.append(try await answer(group.query, depth))
        }
        for item in group.items {
            tally.count(ranks: answers.map { rank(of: item, in: $0, to: group.query) })
        }
    }
    return tally.report
}

/// The items of each query, by ascending query.
package func groupedByQuery(_ pairs: [Pair]) -> [(query: Int, items: [Int])] {
    Dictionary(grouping: pairs, by: \.query)
        .sorted { $0.key < $1.key }
        .map { ($0.key, $0.value.map(\.item)) }
}

/// The rank of `score` among all `scores`, itself included.
///
/// One pass without a branch instead of a sort. Both comparisons go into one sum, because two sums
/// keep the compiler from working on several candidates at a time (measured: 10 times slower).
private func rank(of score: Float, among scores: Span<Float>) -> Double {
    var points: Int32 = 0
    for index in scores.indices {
        points &+= (scores[index] <= score ? 0 : 1) &+ (scores[index] < score ? 0 : 1)
    }
    return middleRank(points: Int(points))
}
