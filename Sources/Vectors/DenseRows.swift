/// Rows of 32-bit floats, all of one width, wherever they lie: a ``Matrix`` in memory, or a file
/// that is mapped.
///
/// ```swift
/// let sum = innerProduct(rows.span(ofRow: 3), query)
/// ```
package protocol DenseRows: Sendable {
    var rows: Int { get }
    var columns: Int { get }
    /// All values, row after row without gaps.
    var values: Span<Float> { @_lifetime(borrow self) get }
}

extension DenseRows {
    /// A copy of the rows named by `indices`, in that order.
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

    /// The first row that holds a value that is not a number, or further from zero than `limit`;
    /// nil where there is none.
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
