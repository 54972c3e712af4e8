import Vectors

extension Matrix {
    /// Adds `bias` (1, columns) to every row and sets what is below zero to zero: X <- ReLU(X + b).
    mutating func addBiasAndRectify(_ bias: Matrix, threads: Int) {
        forEachRow(threads: threads) { _, row in
            let bias = bias.elements.span
            for index in bias.indices {
                row[index] = max(0, row[index] + bias[index])
            }
        }
    }

    /// The backward pass of a ReLU: keeps a gradient where the ReLU's `output` was above zero.
    mutating func maskGradient(byOutput output: Matrix, threads: Int) {
        let width = columns
        forEachRow(threads: threads) { row, gradient in
            let output = output.elements.span.extracting(row * width..<(row + 1) * width)
            // A product instead of a choice: the compiler then works on several values at a time
            // (measured: 3 times as fast).
            for index in output.indices {
                gradient[index] *= output[index] > 0 ? 1 : 0
            }
        }
    }

    /// Rows shorter than this have no direction: they are taken for zero, and learn nothing.
    private static var shortestLength: Float { 1e-12 }

    /// The Euclidean lengths of the rows.
    func rowLengths() -> [Float] {
        (0..<rows).map { row in
            let values = elements.span.extracting(range(ofRow: row))
            return innerProduct(values, values).squareRoot()
        }
    }

    /// Divides row r by `lengths[r]`; a row without direction becomes zero.
    mutating func divideRows(by lengths: [Float], threads: Int) {
        forEachRow(threads: threads) { row, values in
            let scale = lengths[row] < Self.shortestLength ? 0 : 1 / lengths[row]
            for index in values.indices {
                values[index] *= scale
            }
        }
    }

    /// The backward pass of dividing each row by its length.
    ///
    /// With z = u / |u|, a gradient g of z becomes (g - z (z . g)) / |u| for u, and zero where u
    /// has no direction. Shapes: self and `output` (rows, columns), `lengths` (rows).
    mutating func normalisationGradient(output: Matrix, lengths: [Float], threads: Int) {
        let width = columns
        forEachRow(threads: threads) { row, gradient in
            let output = output.elements.span.extracting(row * width..<(row + 1) * width)
            let along = innerProduct(output, gradient.span)
            let scale = lengths[row] < Self.shortestLength ? 0 : 1 / lengths[row]
            for index in gradient.indices {
                gradient[index] = (gradient[index] - output[index] * along) * scale
            }
        }
    }

    /// The sums of the columns, as a matrix of one row.
    func columnSums() -> Matrix {
        var sums = Matrix(rows: 1, columns: columns)
        var values = sums.elements.mutableSpan
        let elements = elements.span
        for row in 0..<rows {
            let start = row * columns
            for column in 0..<columns {
                values[column] += elements[start + column]
            }
        }
        return sums
    }

    /// Adds `other` to the first of this matrix's rows.
    mutating func addToFirstRows(_ other: Matrix, threads: Int) {
        let width = columns
        forEachRow(threads: threads) { row, values in
            guard row < other.rows else { return }
            let other = other.elements.span.extracting(row * width..<(row + 1) * width)
            for index in other.indices {
                values[index] += other[index]
            }
        }
    }

    /// A copy of the first `count` rows.
    func firstRows(_ count: Int) -> Matrix {
        count == rows
            ? self
            : Matrix(
                rows: count,
                columns: columns,
                elements: Array(elements[..<(count * columns)])
            )
    }
}
