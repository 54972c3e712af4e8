import Vectors

extension Block {
    /// The neighbourhoods of a layer as a matrix (t, n), by what a target takes of each neighbour:
    /// its importance, or an equal share.
    func weights(_ pooling: Pooling) -> SparseRows {
        guard pooling == .mean else {
            return SparseRows(offsets: offsets, columns: sources, values: importances)
        }
        var shares: [Float] = []
        shares.reserveCapacity(sources.count)
        for target in 0..<targetCount {
            let count = offsets[target + 1] - offsets[target]
            shares += repeatElement(1 / Float(count), count: count)
        }
        return SparseRows(offsets: offsets, columns: sources, values: shares)
    }

    /// The largest value of each column among each target's neighbours: (n, m) -> (t, m).
    ///
    /// No value of `projected` is below zero, so a target without neighbours has zeros.
    func maximum(of projected: Matrix, threads: Int) -> Matrix {
        var pooled = Matrix(rows: targetCount, columns: projected.columns)
        pooled.forEachRow(threads: threads) { target, row in
            for position in offsets[target]..<offsets[target + 1] {
                let range = projected.range(ofRow: Int(sources[position]))
                let values = projected.elements.span.extracting(range)
                for index in row.indices {
                    row[index] = max(row[index], values[index])
                }
            }
        }
        return pooled
    }

    /// The backward pass of ``maximum(of:threads:)``: (t, m) -> (n, m).
    ///
    /// Neighbours that share the largest value share its gradient in full, which is one of its
    /// subgradients only where one neighbour has it; of values above zero that is all but certain.
    func maximumGradient(
        _ pooledGradient: Matrix,
        of projected: Matrix,
        pooled: Matrix,
        threads: Int
    ) -> Matrix {
        let targets = weights(.importance).transposed(columnCount: sourceCount)
        var gradient = Matrix(rows: sourceCount, columns: projected.columns)
        gradient.forEachRow(threads: threads) { source, row in
            let values = projected.elements.span.extracting(projected.range(ofRow: source))
            for position in targets.offsets[source]..<targets.offsets[source + 1] {
                let range = pooled.range(ofRow: Int(targets.columns[position]))
                let largest = pooled.elements.span.extracting(range)
                let change = pooledGradient.elements.span.extracting(range)
                for index in row.indices {
                    row[index] += values[index] == largest[index] ? change[index] : 0
                }
            }
        }
        return gradient
    }
}
