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
    /// `excludes` says whether a negative must not count for a pair, because it is the pair's own
    /// query or positive.
    package func callAsFunction(
        queries: Matrix,
        positives: Matrix,
        negatives: Matrix,
        excludes: @Sendable (_ pair: Int, _ negative: Int) -> Bool,
        threads: Int
    ) -> Result {
        let (pairCount, negativeCount, width) = (queries.rows, negatives.rows, queries.columns)
        let share = 1 / Float(pairCount * negativeCount)
        // (b, n): first the scores, then for each the gradient of the loss.
        var table = Matrix.product(queries, negatives, transposeB: true)
        // (b, 2): each pair's loss, and the gradient of its positive score.
        var sums = Matrix(rows: pairCount, columns: 2)
        let scores = table
        table.forEachRow(threads: threads) { pair, gradients in
            let score = Self.score(pair, queries, positives)
            for negative in 0..<negativeCount {
                let violation = gradients[negative] - score + margin
                gradients[negative] =
                    violation > 0 && !excludes(pair, negative) ? share : 0
            }
        }
        let gradients = table
        sums.forEachRow(threads: threads) { pair, sums in
            let score = Self.score(pair, queries, positives)
            let range = pair * negativeCount..<(pair + 1) * negativeCount
            let (scores, gradients) = (
                scores.elements.span.extracting(range), gradients.elements.span.extracting(range)
            )
            for negative in 0..<negativeCount where gradients[negative] > 0 {
                sums[0] += (scores[negative] - score + margin) * share
                sums[1] -= share
            }
        }
        var result = Result(
            loss: (0..<pairCount).reduce(0) { $0 + sums[$1, 0] },
            queryGradient: .product(table, negatives),
            positiveGradient: queries,
            negativeGradient: .product(table, transposeA: true, queries)
        )
        let positiveScoreGradients = sums
        result.positiveGradient.forEachRow(threads: threads) { pair, gradient in
            for index in 0..<width {
                gradient[index] *= positiveScoreGradients[pair, 1]
            }
        }
        result.queryGradient.forEachRow(threads: threads) { pair, gradient in
            let positive = positives.elements.span.extracting(pair * width..<(pair + 1) * width)
            for index in 0..<width {
                gradient[index] += positiveScoreGradients[pair, 1] * positive[index]
            }
        }
        return result
    }

    /// The inner product of the query and the positive of one pair.
    private static func score(_ pair: Int, _ queries: Matrix, _ positives: Matrix) -> Float {
        let range = queries.range(ofRow: pair)
        return innerProduct(
            queries.elements.span.extracting(range),
            positives.elements.span.extracting(range)
        )
    }
}
