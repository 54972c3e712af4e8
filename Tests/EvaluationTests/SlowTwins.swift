import Evaluation
import Vectors

/// A matrix of normal random numbers.
func randomMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let elements = (0..<rows * columns).map { _ in generator.normal() }
    return Matrix(rows: rows, columns: columns, elements: elements)
}

/// All candidates but those of `excluded`, best first, by scoring one after the other and sorting.
func sortedCandidates(
    for query: [Float],
    vectors: Matrix,
    metric: Metric,
    candidates: [Int],
    excluding excluded: Set<Int>
) -> [Candidate] {
    var vectors = vectors
    if metric == .cosine {
        vectors.normaliseRows()
    }
    return candidates.filter { !excluded.contains($0) }
        .map { row in
            let vector = vectors.row(row)
            return Candidate(row: row, score: metric.score(query.span, vector.span))
        }
        .sorted { $0.precedes($1) }
}

/// The rank of a pair's item by sorting, which knows no ties; nil where the item is not ranked.
func sortedRank(of pair: Pair, vectors: Matrix, metric: Metric, candidates: [Int]) -> Double? {
    let sorted = sortedCandidates(
        for: vectors.row(pair.query),
        vectors: vectors,
        metric: metric,
        candidates: candidates,
        excluding: [pair.query]
    )
    return sorted.firstIndex { $0.row == pair.item }.map { Double($0 + 1) }
}
