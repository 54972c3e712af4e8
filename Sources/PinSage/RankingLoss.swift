import BLAS
package import Vectors

/// The loss of a batch of pairs, with negatives that all pairs share and hard ones of their own.
///
/// Source: Ying and others, KDD 2018, equation 1 and section 3.3; other losses by ``LossSettings``.
///
/// Names: t targets of the batch's subgraph, d dimension, b pairs, n shared negatives, h hard
/// negatives of a pair.
package struct RankingLoss: Sendable, Equatable {
    package var settings: LossSettings
    /// Whether queries are divided by their length, as embeddings are.
    package var isNormalised: Bool

    package init(_ settings: LossSettings, isNormalised: Bool) {
        self.settings = settings
        self.isNormalised = isNormalised
    }

    /// Which rows of a batch's embeddings are what.
    package struct Batch: Sendable, Equatable {
        /// The query of each pair: one row of the embeddings, or the mean of several (b, t).
        package var queries: SparseRows
        /// The row of each pair's item (b).
        package var items: [Int]
        /// The rows of the shared negatives (n).
        package var negatives: [Int]
        /// The rows of the hard negatives, pair by pair, the same number for each (b h).
        package var hardNegatives: [Int]
        /// The logarithm of how often each shared negative, then a pair's own hard one, is expected
        /// to be drawn; a hard negative's is 0 (n + h).
        package var corrections: [Float]
        /// Shared negatives that do not count for a pair, because they belong to it.
        package var excluded: [(pair: Int, negative: Int)]

        package init(
            queries: SparseRows,
            items: [Int],
            negatives: [Int],
            hardNegatives: [Int] = [],
            corrections: [Float],
            excluded: [(pair: Int, negative: Int)]
        ) {
            self.queries = queries
            self.items = items
            self.negatives = negatives
            self.hardNegatives = hardNegatives
            self.corrections = corrections
            self.excluded = excluded
            precondition(
                queries.rowCount == items.count && !items.isEmpty
                    && hardNegatives.count.isMultiple(of: items.count)
                    && corrections.count == negatives.count + hardNegatives.count / items.count,
                "every pair has a query, an item, as many hard negatives as the others, and every "
                    + "negative its correction"
            )
        }

        // b
        var count: Int { items.count }
        // h
        var hardCount: Int { hardNegatives.count / items.count }

        package static func == (a: Batch, b: Batch) -> Bool {
            a.queries == b.queries && a.items == b.items && a.negatives == b.negatives
                && a.hardNegatives == b.hardNegatives && a.corrections == b.corrections
                && a.excluded.elementsEqual(b.excluded, by: ==)
        }
    }

    /// The mean loss of the pairs, and its gradient by the embeddings (t, d).
    package func callAsFunction(
        _ embeddings: Matrix,
        _ batch: Batch,
        threads: Int
    ) -> (loss: Float, gradient: Matrix) {
        var queries = Matrix(rows: batch.count, columns: embeddings.columns)
        batch.queries.addProduct(with: embeddings, to: &queries, threads: threads)
        let lengths = isNormalised ? queries.rowLengths() : []
        if isNormalised {
            queries.divideRows(by: lengths, threads: threads)
        }
        let negatives = embeddings.gather(batch.negatives)
        let table = gradientTable(embeddings, queries, negatives, batch, threads: threads)
        let (negativeCount, hardCount) = (batch.negatives.count, batch.hardCount)
        let shared = table.columns(0..<negativeCount, threads: threads)

        var queryGradient = Matrix.product(shared, negatives, threads: threads)
        // What is a pair's own, its item and hard negatives, as one sparse matrix (b, t).
        let own = batch.ownRows(of: table, from: negativeCount)
        own.addProduct(with: embeddings, to: &queryGradient, threads: threads)
        var gradient = Matrix(rows: embeddings.rows, columns: embeddings.columns)
        own.transposed(columnCount: embeddings.rows)
            .addProduct(with: queries, to: &gradient, threads: threads)
        if isNormalised {
            queryGradient.normalisationGradient(output: queries, lengths: lengths, threads: threads)
        }
        batch.queries.transposed(columnCount: embeddings.rows)
            .addProduct(with: queryGradient, to: &gradient, threads: threads)
        let negativeGradient = Matrix.product(shared, transposeA: true, queries, threads: threads)
        SparseRows.selection(batch.negatives).transposed(columnCount: embeddings.rows)
            .addProduct(with: negativeGradient, to: &gradient, threads: threads)
        var loss: Float = 0
        for pair in 0..<batch.count {
            loss += table[pair, negativeCount + hardCount + 1]
        }
        return (loss, gradient)
    }

    /// A row for each pair: the loss's gradient by the score of each shared negative, each hard
    /// one, and the pair's item; then the loss; all as shares of the batch's mean (b, n + h + 2).
    private func gradientTable(
        _ embeddings: Matrix,
        _ queries: Matrix,
        _ negatives: Matrix,
        _ batch: Batch,
        threads: Int
    ) -> Matrix {
        var scores = Matrix.product(queries, negatives, transposeB: true, threads: threads)
        for (pair, negative) in batch.excluded {
            scores[pair, negative] = -.infinity
        }
        let (negativeCount, hardCount) = (negatives.rows, batch.hardCount)
        let shared = scores
        let share = 1 / Float(batch.count)
        var table = Matrix(rows: batch.count, columns: negativeCount + hardCount + 2)
        table.forEachRow(threads: threads) { pair, row in
            let scores = shared.elements.span.extracting(shared.range(ofRow: pair))
            for index in scores.indices {
                row[index] = scores[index]
            }
            let query = queries.elements.span.extracting(queries.range(ofRow: pair))
            for place in 0...hardCount {
                // The hard negatives, and then the item itself.
                let other =
                    place < hardCount
                    ? batch.hardNegatives[pair * hardCount + place] : batch.items[pair]
                row[negativeCount + place] = innerProduct(
                    query,
                    embeddings.elements.span.extracting(embeddings.range(ofRow: other))
                )
            }
            settings.differentiate(&row, corrections: batch.corrections.span)
            for index in row.indices {
                row[index] *= share
            }
        }
        return table
    }
}

extension RankingLoss.Batch {
    /// The gradients of a pair's own scores, by the rows they belong to: its hard negatives' and
    /// its item's, which lie in `table` from column `start` on (b, t).
    fileprivate func ownRows(of table: Matrix, from start: Int) -> SparseRows {
        let width = hardCount + 1
        var columns: [UInt32] = []
        var values: [Float] = []
        columns.reserveCapacity(count * width)
        values.reserveCapacity(count * width)
        for pair in 0..<count {
            for place in 0..<hardCount {
                columns.append(UInt32(hardNegatives[pair * hardCount + place]))
                values.append(table[pair, start + place])
            }
            columns.append(UInt32(items[pair]))
            values.append(table[pair, start + hardCount])
        }
        return SparseRows(
            offsets: (0...count).map { $0 * width },
            columns: columns,
            values: values
        )
    }
}

extension Matrix {
    /// A copy of some columns.
    fileprivate func columns(_ range: Range<Int>, threads: Int) -> Matrix {
        var copy = Matrix(rows: rows, columns: range.count)
        copy.forEachRow(threads: threads) { row, values in
            let start = row * columns + range.lowerBound
            let source = elements.span.extracting(start..<start + range.count)
            for index in values.indices {
                values[index] = source[index]
            }
        }
        return copy
    }
}

extension SparseRows {
    /// The matrix that picks the rows `indices`, in that order.
    fileprivate static func selection(_ indices: [Int]) -> SparseRows {
        SparseRows(
            offsets: Array(0...indices.count),
            columns: indices.map { UInt32($0) },
            values: [Float](repeating: 1, count: indices.count)
        )
    }
}
