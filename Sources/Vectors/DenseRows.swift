/// Vectors of one width that may be had as 32-bit floats, in whatever form they are kept.
///
/// ```swift
/// for start in stride(from: 0, to: vectors.rows, by: 1_000) {
///     store(vectors.gather(start..<min(start + 1_000, vectors.rows)))
/// }
/// ```
package protocol VectorRows: Sendable {
    var rows: Int { get }
    var columns: Int { get }
    /// A copy of the rows named by `indices`, in that order.
    func gather(_ indices: some Collection<Int>) -> Matrix
    /// The first row that holds a value that is not a number, or further from zero than `limit`;
    /// nil where there is none.
    func firstRow(beyond limit: Float) -> Int?
}

/// Rows of 32-bit floats, all of one width, wherever they lie: a ``Matrix`` in memory, or a file
/// that is mapped.
///
/// ```swift
/// let sum = innerProduct(rows.span(ofRow: 3), query)
/// ```
package protocol DenseRows: VectorRows {
    /// All values, row after row without gaps.
    var values: Span<Float> { @_lifetime(borrow self) get }
}

extension DenseRows {
    package func gather(_ indices: some Collection<Int>) -> Matrix {
        let (columns, values) = (columns, values)
        var gathered: [Float] = []
        gathered.reserveCapacity(indices.count * columns)
        for row in indices {
            let row = values.extracting(row * columns..<(row + 1) * columns)
            unsafe row.withUnsafeBufferPointer { unsafe gathered.append(contentsOf: $0) }
        }
        return Matrix(rows: indices.count, columns: columns, elements: gathered)
    }

    /// The values of row `row`.
    @_lifetime(borrow self)
    package func span(ofRow row: Int) -> Span<Float> {
        values.extracting(row * columns..<(row + 1) * columns)
    }

    /// The first row that holds a value that is not finite, or nil.
    package var firstRowNotFinite: Int? { firstRow(beyond: .greatestFiniteMagnitude) }

    package func firstRow(beyond limit: Float) -> Int? {
        let values = values
        // Not >, which a value that is not a number would fail.
        for index in values.indices where !(abs(values[index]) <= limit) {
            return index / columns
        }
        return nil
    }
}

extension Matrix: DenseRows {
    package var values: Span<Float> {
        @_lifetime(borrow self)
        get {
            elements.span
        }
    }
}
