import Files
import Foundation
package import Vectors

/// The vectors of a generation (count, dimension), mapped; of length one where the metric is
/// cosine.
///
/// The file `vectors.f32` is the bare matrix: row after row of little-endian 32-bit floats. The
/// mapping starts on a page, so rows are aligned to 64 bytes where the dimension is a multiple of
/// 16.
package struct MappedVectors: Sendable {
    package let count: Int
    package let dimension: Int
    package let metric: Metric
    private let elements: MappedArray<Float>

    init(
        contentsOf url: URL,
        count: Int,
        dimension: Int,
        metric: Metric
    ) throws(FileError) {
        let file = try MappedFile(at: url)
        elements = try file.array(of: Float.self, at: 0, count: count * dimension)
        self.count = count
        self.dimension = dimension
        self.metric = metric
    }

    /// The vector of `row` (dimension), borrowed for as long as this value lives.
    @_lifetime(borrow self)
    package func vector(_ row: Int) -> Span<Float> {
        precondition(row >= 0 && row < count, "a row must lie in the generation")
        return elements.span.extracting(row * dimension..<(row + 1) * dimension)
    }

    /// How near the vector of `row` is to `query` (dimension), which is of length one for cosine.
    package func score(_ query: Span<Float>, row: Int) -> Float {
        metric.score(query, vector(row))
    }

    /// The candidates nearest to `query` among all rows but `excluded`, best first.
    ///
    /// - Complexity: O(count * dimension).
    package func nearest(_ query: Span<Float>, k: Int, excluding excluded: Int?) -> [Candidate] {
        best(k, of: (0..<count).lazy.filter { $0 != excluded }, for: query)
    }

    /// The candidates of `rows` nearest to `query`, by their vectors, best first.
    func best(_ k: Int, of rows: some Sequence<Int>, for query: Span<Float>) -> [Candidate] {
        var best = TopK(k)
        let all = elements.span  // once: the way to the mapping is not free
        for row in rows {
            let vector = all.extracting(row * dimension..<(row + 1) * dimension)
            best.insert(Candidate(row: row, score: metric.score(query, vector)))
        }
        return best.sorted
    }
}
