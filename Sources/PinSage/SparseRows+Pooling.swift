import Vectors

/// gamma: how a neighbourhood becomes one vector. Row u of these sparse rows (t, n) is target u's
/// neighbourhood: its neighbours as rows of the layer's input, and their importances.
extension SparseRows {
    /// gamma: (n, m) -> (t, m), wherever the projected vectors lie.
    func pool(_ projected: some DenseRows, by pooling: Pooling, threads: Int) -> Matrix {
        if pooling == .max {
            return maximum(of: projected, threads: threads)
        }
        var pooled = Matrix(rows: rowCount, columns: projected.columns)
        shares(pooling).addProduct(with: projected, to: &pooled, threads: threads)
        return pooled
    }

    /// The backward pass of ``pool(_:by:threads:)``: (t, m) -> (n, m).
    func poolGradient(
        _ pooledGradient: Matrix,
        of projected: Matrix,
        pooled: Matrix,
        by pooling: Pooling,
        threads: Int
    ) -> Matrix {
        var gradient = Matrix(rows: projected.rows, columns: projected.columns)
        // Read backwards, the backward pass gathers instead of scattering: threads never write the
        // same row, and sums have one order.
        let targets = shares(pooling).transposed(columnCount: projected.rows)
        if pooling == .max {
            targets.addMaximumGradient(
                pooledGradient,
                of: projected,
                pooled: pooled,
                to: &gradient,
                threads: threads
            )
        } else {
            targets.addProduct(with: pooledGradient, to: &gradient, threads: threads)
        }
        return gradient
    }

    /// What a target takes of each neighbour: its importance, or an equal share.
    func shares(_ pooling: Pooling) -> SparseRows {
        guard pooling == .mean else { return self }
        var shares: [Float] = []
        shares.reserveCapacity(columns.count)
        for target in 0..<rowCount {
            let count = offsets[target + 1] - offsets[target]
            shares += repeatElement(1 / Float(count), count: count)
        }
        return SparseRows(offsets: offsets, columns: columns, values: shares)
    }

    /// The largest value of each column among each target's neighbours: (n, m) -> (t, m).
    ///
    /// No value of `projected` is below zero, so a target without neighbours has zeros.
    private func maximum(of projected: some DenseRows, threads: Int) -> Matrix {
        let width = projected.columns
        var pooled = Matrix(rows: rowCount, columns: width)
        pooled.forEachRow(threads: threads) { target, row in
            let elements = projected.values
            for position in offsets[target]..<offsets[target + 1] {
                let start = Int(columns[position]) * width
                let values = elements.extracting(start..<start + width)
                for index in row.indices {
                    row[index] = max(row[index], values[index])
                }
            }
        }
        return pooled
    }

    /// The backward pass of ``maximum(of:threads:)``, for these as the targets of each neighbour:
    /// (t, m) -> (n, m).
    ///
    /// Neighbours that share the largest value share its gradient in full, which is one of its
    /// subgradients only where one neighbour has it; of values above zero that is all but certain.
    private func addMaximumGradient(
        _ pooledGradient: Matrix,
        of projected: Matrix,
        pooled: Matrix,
        to gradient: inout Matrix,
        threads: Int
    ) {
        gradient.forEachRow(threads: threads) { source, row in
            let values = projected.elements.span.extracting(projected.range(ofRow: source))
            for position in offsets[source]..<offsets[source + 1] {
                let range = pooled.range(ofRow: Int(columns[position]))
                let largest = pooled.elements.span.extracting(range)
                let change = pooledGradient.elements.span.extracting(range)
                for index in row.indices {
                    row[index] += values[index] == largest[index] ? change[index] : 0
                }
            }
        }
    }
}
