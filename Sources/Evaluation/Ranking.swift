import BLAS
import Vectors

/// The items that are ranked, ready to be scored against many queries at once.
///
/// Scores order candidates as the metric does, but are not its scores: Euclidean distance is
/// turned into an inner product of one more dimension, so that one matrix product serves every
/// metric.
struct Ranking {
    /// Scores are made in blocks of about this many, 32 MB: large enough for a fast product.
    private static let blockSize = 1 << 23

    /// The rows of the candidates' vectors, ascending.
    let rows: [Int]
    /// By row: where it stands in `rows`, or -1.
    private let positions: [Int]
    private let metric: Metric
    /// All vectors, of length one where the metric is cosine: (items, d).
    let vectors: Matrix
    /// The candidates' side of the product: (candidates, d), or d + 1 columns for `l2`.
    private let candidates: Matrix
    private let threads: Int

    init(vectors: Matrix, metric: Metric, candidates: [Int], threads: Int) {
        self.threads = threads
        var vectors = vectors
        if metric == .cosine {
            vectors.normaliseRows()
        }
        rows = Set(candidates).sorted()
        var positions = [Int](repeating: -1, count: vectors.rows)
        for (position, row) in rows.enumerated() {
            positions[row] = position
        }
        self.positions = positions
        self.metric = metric
        self.vectors = vectors
        let ranked = vectors.gather(rows)
        self.candidates =
            switch metric {
            case .innerProduct, .cosine: ranked
            case .l2: ranked.appendingColumn { row in innerProduct(row, row) }
            }
    }

    /// Where the item at `row` stands among the candidates, or nil if it is not ranked.
    func position(ofRow row: Int) -> Int? {
        positions[row] < 0 ? nil : positions[row]
    }

    /// Cuts `count` queries into blocks whose scores fit in memory.
    func blocks(of count: Int) -> [Range<Int>] {
        let size = max(1, Self.blockSize / max(1, rows.count))
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// The scores of all candidates for each query: (queries, candidates).
    func scores(of queries: Matrix) -> Matrix {
        switch metric {
        case .innerProduct, .cosine:
            return Matrix.product(queries, candidates, transposeB: true, threads: threads)
        case .l2:
            // -|a - b|^2 = 2 (a.b - |b|^2 / 2) - |a|^2, and the last part is the same for all b.
            let lifted = queries.appendingColumn { _ in -0.5 }
            return Matrix.product(lifted, candidates, transposeB: true, threads: threads)
        }
    }
}

extension Matrix {
    /// This matrix with one more column, computed from each row.
    fileprivate func appendingColumn(_ value: (Span<Float>) -> Float) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(rows * (columns + 1))
        for row in 0..<rows {
            elements += self.elements[range(ofRow: row)]
            elements.append(value(self.elements.span.extracting(range(ofRow: row))))
        }
        return Matrix(rows: rows, columns: columns + 1, elements: elements)
    }
}
