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
        let places = row * dimension..<(row + 1) * dimension
        let result =
            switch elements {
            case .floats(let floats):
                kernels.compare(
                    query,
                    with: floats.span.extracting(places),
                    by: metric.comparison
                )
            case .halves(let halves):
                kernels.compare(
                    query,
                    with: halves.span.extracting(places),
                    by: metric.comparison
                )
            }
        return metric == .l2 ? -result : result
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
