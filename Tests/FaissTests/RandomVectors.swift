import Faiss
import Vectors

/// Vectors of the standard normal distribution.
func randomVectors(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let elements = (0..<rows * columns).map { _ in generator.normal() }
    return Matrix(rows: rows, columns: columns, elements: elements)
}

/// An index that holds `vectors`.
func finishedIndex(
    _ plan: FaissIndexBuilder.Plan,
    _ vectors: Matrix,
    _ metric: Metric
) throws -> FaissIndex {
    var builder = try FaissIndexBuilder(plan, dimension: vectors.columns, metric: metric)
    try builder.train(on: vectors, threads: 2)
    try builder.add(vectors, threads: 2)
    return builder.finish()
}

/// The slow twin of every index.
func scan(_ vectors: Matrix, _ query: [Float], k: Int, _ metric: Metric) -> [Candidate] {
    (0..<vectors.rows)
        .map { Candidate(row: $0, score: metric.score(query.span, vectors.row($0).span)) }
        .sorted { $0.precedes($1) }
        .prefix(k)
        .map(\.self)
}
