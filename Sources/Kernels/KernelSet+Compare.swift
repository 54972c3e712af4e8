import CKernels

/// What two vectors are compared by.
package enum Comparison: Sendable, CaseIterable {
    case innerProduct
    case squaredDistance
}

/// Comparisons of a query (dimension) with vectors of floats or of halves.
///
/// Sums are of single precision. Their order depends on the level and the dimension alone, so that
/// a vector's result has the same bits by each of these functions.
extension KernelSet {
    /// The comparison of `query` (dimension) with `vector` (dimension).
    package func compare(
        _ query: Span<Float>,
        with vector: Span<Float>,
        by comparison: Comparison
    ) -> Float {
        floats(comparison).compare(query, with: vector)
    }

    /// The comparison of `query` (dimension) with `vector` (dimension).
    package func compare(
        _ query: Span<Float>,
        with vector: Span<Float16>,
        by comparison: Comparison
    ) -> Float {
        halves(comparison).compare(query, with: vector)
    }

    /// Compares `query` (dimension) with all `vectors` (count, dimension), into `results` (count).
    package func compare(
        _ query: Span<Float>,
        withEach vectors: Span<Float>,
        by comparison: Comparison,
        into results: inout MutableSpan<Float>
    ) {
        floats(comparison).compare(query, withEach: vectors, into: &results)
    }

    /// Compares `query` (dimension) with all `vectors` (count, dimension), into `results` (count).
    package func compare(
        _ query: Span<Float>,
        withEach vectors: Span<Float16>,
        by comparison: Comparison,
        into results: inout MutableSpan<Float>
    ) {
        halves(comparison).compare(query, withEach: vectors, into: &results)
    }

    /// Compares `query` (dimension) with some of `vectors` (rows, dimension), those numbered
    /// `rows` (count), into `results` (count).
    ///
    /// Vectors that lie anywhere in memory are asked for some rows ahead, so that the way of one
    /// is not waited for before that of the next begins.
    package func compare(
        _ query: Span<Float>,
        withRows rows: Span<UInt32>,
        of vectors: Span<Float>,
        by comparison: Comparison,
        into results: inout MutableSpan<Float>
    ) {
        floats(comparison).compare(query, withRows: rows, of: vectors, into: &results)
    }

    /// Compares `query` (dimension) with some of `vectors` (rows, dimension), those numbered
    /// `rows` (count), into `results` (count), in the same way.
    package func compare(
        _ query: Span<Float>,
        withRows rows: Span<UInt32>,
        of vectors: Span<Float16>,
        by comparison: Comparison,
        into results: inout MutableSpan<Float>
    ) {
        halves(comparison).compare(query, withRows: rows, of: vectors, into: &results)
    }

    private func floats(_ comparison: Comparison) -> CKernelsScores {
        switch comparison {
        case .innerProduct: unsafe table.pointee.products
        case .squaredDistance: unsafe table.pointee.distances
        }
    }

    private func halves(_ comparison: Comparison) -> CKernelsScores {
        switch comparison {
        case .innerProduct: unsafe table.pointee.half_products
        case .squaredDistance: unsafe table.pointee.half_distances
        }
    }
}
