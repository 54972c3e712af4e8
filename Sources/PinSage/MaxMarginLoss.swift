import BLAS
package import Vectors

/// The max-margin ranking loss with negatives that a whole batch shares.
///
/// Source: Ying and others, KDD 2018, equation 1 and section 3.3. For a pair (q, i) the loss is the mean over the negatives k of max(0, z_q.z_k - z_q.z_i + margin).
package struct MaxMarginLoss: Sendable, Equatable {
    /// Delta; the embeddings have length one, so scores lie in -1...1.
    package var margin: Float

    package init(margin: Float) {
        self.margin = margin
    }

    /// The loss of one batch, and its gradients.
    package struct Result: Sendable {
        /// The mean over the pairs.
        package var loss: Float
        package var queryGradient: Matrix  // (b, d)
        package var positiveGradient: Matrix  // (b, d)
        package var negativeGradient: Matrix  // (n, d)
    }

    /// Shapes: `queries` and `positives` (b, d), `negatives` (n, d).
    ///
    /// `excluded` names the negatives that must not count for a pair, because they are the pair's
    /// own query or positive.
    package func callAsFunction(
        queries: Matrix,
        positives: Matrix,
        negatives: Matrix,
        excluded: [(pair: Int, negative: Int)],
        threads: Int
    ) -> Result {
        let (pairCount, width) = (queries.rows, queries.columns)
        let share = 1 / Float(pairCount * negatives.rows)
        let scores = (0..<pairCount).map { pair in
            let range = queries.range(ofRow: pair)
            return innerProduct(
                queries.elements.span.extracting(range),
                positives.elements.span.extracting(range)
            )
        }
        // (b, n): first the negatives' scores, then the gradient of the loss by each.
        var table = Matrix.product(queries, negatives, transposeB: true, threads: threads)
        for (pair, negative) in excluded {
            table[pair, negative] = -.infinity
        }
        table.forEachRow(threads: threads) { pair, row in
            let bound = scores[pair] - margin
            for index in row.indices {
                row[index] = row[index] > bound ? share : 0
            }
        }
        var result = Result(
            loss: 0,
            queryGradient: .product(table, negatives, threads: threads),
            positiveGradient: queries,
            negativeGradient: .product(table, transposeA: true, queries, threads: threads)
        )
        // Each violated negative adds (its score - the pair's score + margin) times the share; the
        // sum of the scores is the query times the sum of the negatives, which is there already.
        let weights = (0..<pairCount).map { pair in
            table.elements[table.range(ofRow: pair)].reduce(0, +)
        }
        for pair in 0..<pairCount {
            let range = queries.range(ofRow: pair)
            let violations = innerProduct(
                queries.elements.span.extracting(range),
                result.queryGradient.elements.span.extracting(range)
            )
            result.loss += violations - weights[pair] * (scores[pair] - margin)
        }
        result.positiveGradient.forEachRow(threads: threads) { pair, gradient in
            let weight = weights[pair]
            for index in 0..<width {
                gradient[index] *= -weight
            }
        }
        result.queryGradient.forEachRow(threads: threads) { pair, gradient in
            let weight = weights[pair]
            let positive = positives.elements.span.extracting(pair * width..<(pair + 1) * width)
            for index in 0..<width {
                gradient[index] -= weight * positive[index]
            }
        }
        return result
    }
}
