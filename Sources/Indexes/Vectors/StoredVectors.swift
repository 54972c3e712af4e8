package import Files
package import Foundation
import Kernels
package import Vectors

/// The vectors of a generation (count, dimension), mapped; of length one where the metric is
/// cosine.
///
/// The file is the bare matrix: row after row of little-endian floats, of 32 or 16 bits.
package struct StoredVectors: Sendable {
    private enum Elements: Sendable {
        case floats(MappedArray<Float>)
        case halves(MappedArray<Float16>)
    }

    package let count: Int
    package let dimension: Int
    package let metric: Metric
    private let elements: Elements
    private let words: MappedArray<UInt64>
    private let kernels = KernelSet.best

    package init(
        contentsOf url: URL,
        count: Int,
        dimension: Int,
        metric: Metric,
        precision: Precision,
        in residence: MappedFile.Residence = .pageCache
    ) throws(FileError) {
        let file = try MappedFile(at: url, in: residence)
        elements =
            switch precision {
            case .fp32: .floats(try file.array(of: Float.self, at: 0, count: count * dimension))
            case .fp16: .halves(try file.array(of: Float16.self, at: 0, count: count * dimension))
            }
        words = try file.array(of: UInt64.self, at: 0, count: file.byteCount / 8)
        self.count = count
        self.dimension = dimension
        self.metric = metric
    }

    /// Reads all values and says their sum, as words: what an exact search reads at the least.
    package func readAll() -> UInt64 {
        kernels.sum(words.span)
    }

    /// Reads their file, so that no search has to wait for it.
    package func warm() {
        words.warm()
    }

    /// The size of all values.
    package var byteCount: Int { count * dimension * precision.size }

    package var precision: Precision {
        switch elements {
        case .floats: .fp32
        case .halves: .fp16
        }
    }

    /// A copy of the vector of `row` (dimension).
    package func vector(_ row: Int) -> [Float] {
        matrix(ofRows: row..<row + 1).elements
    }

    /// Writes the scores of `rows` by `query` (dimension), which is of length one for cosine.
    package func score(
        _ query: Span<Float>,
        rows: Span<UInt32>,
        into scores: inout MutableSpan<Float>
    ) {
        switch elements {
        case .floats(let floats):
            kernels.compare(
                query,
                withRows: rows,
                of: floats.span,
                by: metric.comparison,
                into: &scores
            )
        case .halves(let halves):
            kernels.compare(
                query,
                withRows: rows,
                of: halves.span,
                by: metric.comparison,
                into: &scores
            )
        }
        metric.makeScores(&scores)
    }

    /// Writes the scores of the rows `range` by `query` (dimension).
    func score(_ query: Span<Float>, rows range: Range<Int>, into scores: inout MutableSpan<Float>)
    {
        let places = range.lowerBound * dimension..<range.upperBound * dimension
        switch elements {
        case .floats(let floats):
            let part = floats.span.extracting(places)
            kernels.compare(query, withEach: part, by: metric.comparison, into: &scores)
        case .halves(let halves):
            let part = halves.span.extracting(places)
            kernels.compare(query, withEach: part, by: metric.comparison, into: &scores)
        }
        metric.makeScores(&scores)
    }
}

extension StoredVectors: ScoredVectors {
    package func score(_ query: Span<Float>, row: Int) -> Float {
        var score: [Float] = [0]
        var scores = score.mutableSpan
        self.score(query, rows: row..<row + 1, into: &scores)
        return score[0]
    }

    package func matrix(ofRows range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "rows must lie in the generation"
        )
        let places = range.lowerBound * dimension..<range.upperBound * dimension
        switch elements {
        case .floats(let floats):
            return Matrix(
                rows: range.count,
                columns: dimension,
                elements: floats.elements(places)
            )
        case .halves(let halves):
            var matrix = Matrix(rows: range.count, columns: dimension)
            var elements = matrix.elements.mutableSpan
            kernels.convert(halves.span.extracting(places), into: &elements)
            return matrix
        }
    }
}

// MARK: - Exact search

extension StoredVectors {
    /// How many rows are scored at a time: their scores stay in the first cache.
    private static let chunk = 1_024

    /// The candidates nearest to `query` among the rows that `filter` allows, best first.
    ///
    /// - Complexity: O(count * dimension), or as many rows as are allowed.
    package func nearest(
        _ query: Span<Float>,
        k: Int,
        filter: RowFilter = RowFilter(),
        isOver: () -> Bool = { false }
    ) -> (candidates: [Candidate], isComplete: Bool) {
        var best = TopK(k)
        var scores = [Float](repeating: 0, count: Self.chunk)
        if let allowed = filter.allowed, allowed.count < count / 4 {
            return nearest(query, among: allowed, filter, &scores, best, isOver)
        }
        for start in stride(from: 0, to: count, by: Self.chunk) {
            guard !isOver() else { return (best.sorted, false) }
            let rows = start..<min(start + Self.chunk, count)
            scores.resize(to: rows.count, with: 0)
            var span = scores.mutableSpan
            score(query, rows: rows, into: &span)
            for row in rows
            where !(scores[row - start] < best.threshold) && filter.allows(row) {
                best.insert(Candidate(row: row, score: scores[row - start]))
            }
        }
        return (best.sorted, true)
    }

    private func nearest(
        _ query: Span<Float>,
        among allowed: RowSet,
        _ filter: RowFilter,
        _ scores: inout [Float],
        _ best: TopK,
        _ isOver: () -> Bool
    ) -> (candidates: [Candidate], isComplete: Bool) {
        var rows: [UInt32] = []
        rows.reserveCapacity(allowed.count)
        allowed.forEach { row in
            if filter.allows(row) {
                rows.append(UInt32(row))
            }
        }
        var best = best
        for start in stride(from: 0, to: rows.count, by: Self.chunk) {
            guard !isOver() else { return (best.sorted, false) }
            let places = start..<min(start + Self.chunk, rows.count)
            scores.resize(to: places.count, with: 0)
            var span = scores.mutableSpan
            score(query, rows: rows.span.extracting(places), into: &span)
            for place in places {
                best.insert(Candidate(row: Int(rows[place]), score: scores[place - start]))
            }
        }
        return (best.sorted, true)
    }
}

extension Metric {
    /// What the kernels compute for this metric.
    var comparison: Comparison {
        switch self {
        case .innerProduct, .cosine: .innerProduct
        case .l2: .squaredDistance
        }
    }

    /// Turns what the kernels computed into scores, of which a larger one is nearer.
    func makeScores(_ results: inout MutableSpan<Float>) {
        guard self == .l2 else { return }
        for index in results.indices {
            results[index] = -results[index]
        }
    }
}
