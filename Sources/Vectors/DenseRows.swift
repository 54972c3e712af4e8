/// Rows of 32-bit floats, all of one width, wherever they lie: a ``Matrix`` in memory, or a file
/// that is mapped.
///
/// ```swift
/// let values = rows.values  // once, not for each row: the way to a mapping is not free
/// let fourth = values.extracting(3 * rows.columns..<4 * rows.columns)
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

    /// The first row that holds a value that is not finite, or nil.
    package var firstRowNotFinite: Int? {
        let values = values
        for index in values.indices where !values[index].isFinite {
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
