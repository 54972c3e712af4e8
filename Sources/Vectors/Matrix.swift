/// A dense matrix of 32-bit floats, row after row without gaps.
///
/// Row r, column c is `elements[r * columns + c]`. A set of n vectors of dimension d is a matrix
/// of n rows and d columns.
///
/// ```swift
/// var vectors = Matrix(rows: 2, columns: 3)
/// vectors[1, 2] = 0.5
/// vectors.normaliseRows()
/// ```
package struct Matrix: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    package var elements: [Float]

    /// A matrix of zeros.
    package init(rows: Int, columns: Int) {
        self.init(
            rows: rows,
            columns: columns,
            elements: [Float](repeating: 0, count: rows * columns)
        )
    }

    /// A matrix of the given elements, `rows * columns` of them in row order.
    package init(rows: Int, columns: Int, elements: [Float]) {
        precondition(
            rows >= 0 && columns >= 0 && elements.count == rows * columns,
            "a matrix of \(rows) x \(columns) cannot hold \(elements.count) elements"
        )
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    package subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// Where row `row` lies in `elements`.
    package func range(ofRow row: Int) -> Range<Int> {
        row * columns..<(row + 1) * columns
    }

    /// A copy of row `row`.
    package func row(_ row: Int) -> [Float] {
        Array(elements[range(ofRow: row)])
    }

    /// Divides every row by its Euclidean length; a row of zeros stays as it is.
    package mutating func normaliseRows() {
        let (rows, columns) = (rows, columns)
        var span = elements.mutableSpan
        for row in 0..<rows {
            normalise(&span, row * columns..<(row + 1) * columns)
        }
    }
}

/// Divides the vector in `range` of `elements` by its Euclidean length; zeros stay as they are.
package func normalise(_ elements: inout MutableSpan<Float>, _ range: Range<Int>) {
    // In doubles, whose range holds the squares of all floats.
    var squares = 0.0
    for index in range {
        squares += Double(elements[index]) * Double(elements[index])
    }
    guard squares > 0 else { return }
    let scale = 1 / squares.squareRoot()
    for index in range {
        elements[index] = Float(Double(elements[index]) * scale)
    }
}
