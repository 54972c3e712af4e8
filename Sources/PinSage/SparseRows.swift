package import Vectors

/// A sparse matrix in compressed rows.
package struct SparseRows: Sendable, Equatable {
    /// Row r's entries lie at `offsets[r]..<offsets[r + 1]`.
    package let offsets: [Int]
    package let columns: [UInt32]
    package let values: [Float]

    package init(offsets: [Int], columns: [UInt32], values: [Float]) {
        precondition(
            offsets.last == columns.count && columns.count == values.count,
            "the last row of sparse rows ends where the entries do, and each has a value"
        )
        self.offsets = offsets
        self.columns = columns
        self.values = values
    }

    package var rowCount: Int { offsets.count - 1 }

    /// The rows named by `indices`, in that order.
    package func gather(_ indices: [UInt32]) -> SparseRows {
        var gathered = [0]
        var columns: [UInt32] = []
        var values: [Float] = []
        gathered.reserveCapacity(indices.count + 1)
        for index in indices {
            let range = offsets[Int(index)]..<offsets[Int(index) + 1]
            columns += self.columns[range]
            values += self.values[range]
            gathered.append(columns.count)
        }
        return SparseRows(offsets: gathered, columns: columns, values: values)
    }

    /// The same entries, without those of rows for which `isKept` does not hold.
    package func filter(_ isKept: (Int) -> Bool) -> SparseRows {
        var offsets = [0]
        var (columns, values): ([UInt32], [Float]) = ([], [])
        for row in 0..<rowCount {
            if isKept(row) {
                let range = self.offsets[row]..<self.offsets[row + 1]
                columns += self.columns[range]
                values += self.values[range]
            }
            offsets.append(columns.count)
        }
        return SparseRows(offsets: offsets, columns: columns, values: values)
    }

    /// The columns that have entries, ascending, and a matrix of just them.
    package func compactColumns() -> (used: [Int], matrix: SparseRows) {
        let used = Set(columns).sorted()
        let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, UInt32($0)) })
        let matrix = SparseRows(
            offsets: offsets,
            columns: columns.compactMap { places[$0] },
            values: values
        )
        return (used.map { Int($0) }, matrix)
    }

    /// The transposed matrix; entries of one row keep the order of the rows they came from.
    ///
    /// - Complexity: O(entries + columnCount), by counting.
    package func transposed(columnCount: Int) -> SparseRows {
        var starts = [Int](repeating: 0, count: columnCount + 1)
        for column in columns {
            starts[Int(column) + 1] += 1
        }
        for column in 0..<columnCount {
            starts[column + 1] += starts[column]
        }
        var next = starts
        var transposedColumns = [UInt32](repeating: 0, count: columns.count)
        var transposedValues = [Float](repeating: 0, count: columns.count)
        for row in 0..<rowCount {
            for position in offsets[row]..<offsets[row + 1] {
                let place = next[Int(columns[position])]
                next[Int(columns[position])] = place + 1
                transposedColumns[place] = UInt32(row)
                transposedValues[place] = values[position]
            }
        }
        return SparseRows(offsets: starts, columns: transposedColumns, values: transposedValues)
    }

    /// The product with a dense matrix, added to `result`: row r of `result` gains the sum of the
    /// rows of `dense` that row r names, each times its value.
    package func addProduct(with dense: some DenseRows, to result: inout Matrix, threads: Int) {
        precondition(
            result.rows >= rowCount && result.columns == dense.columns,
            "a sparse product of \(rowCount) rows does not fit \(result.rows) x \(result.columns)"
        )
        let width = dense.columns
        result.forEachRow(threads: threads) { row, sum in
            guard row < rowCount else { return }
            let (columns, values) = (columns.span, values.span)
            let elements = dense.values
            for position in offsets[row]..<offsets[row + 1] {
                let start = Int(columns[position]) * width
                let (value, source) = (
                    values[position], elements.extracting(start..<start + width)
                )
                for index in 0..<width {
                    sum[index] += value * source[index]
                }
            }
        }
    }
}
