import RealModule
import Vectors

extension LossSettings {
    /// Turns a row of scores into the gradient of its loss, in place.
    ///
    /// `row` holds the scores of the negatives, minus infinity for those that do not count; then
    /// the pair's own score; then a place for the loss. `corrections` has a value for each
    /// negative: the logarithm of how often one expects to draw it.
    func differentiate(_ row: inout MutableSpan<Float>, corrections: Span<Float>) {
        let count = row.count - 2
        let score = row[count]
        let negatives = 0..<count
        switch kind {
        case .maxMargin:
            let share = 1 / Float(max(1, count))
            let bound = score - margin
            for index in negatives {
                row[index] = max(row[index] - bound, 0)
            }
            let loss = sum(row.span.extracting(negatives)) * share
            for index in negatives {
                row[index] = row[index] > 0 ? share : 0
            }
            let gradient = -sum(row.span.extracting(negatives))
            (row[count], row[count + 1]) = (gradient, loss)
        case .softmax:
            let scale = 1 / temperature
            for index in negatives {
                row[index] = row[index] * scale
            }
            if correction {
                for index in negatives {
                    row[index] -= corrections[index]
                }
            }
            // Shifted by the largest, no exponential overflows.
            let largest = max(score * scale, maximum(row.span.extracting(negatives)))
            exponentiate(&row, in: negatives, minus: largest)
            let own = Float.exp(score * scale - largest)
            let total = own + sum(row.span.extracting(negatives))
            let factor = scale / total
            for index in negatives {
                row[index] *= factor
            }
            row[count] = (own / total - 1) * scale
            row[count + 1] = Float.log(total) + largest - score * scale
        case .crossEntropy:
            let scale = 1 / temperature
            let share = 1 / Float(max(1, count))
            for index in negatives {
                row[index] = row[index] * scale
            }
            exponentiate(&row, in: negatives, minus: 0)
            var loss: Float = 0
            for index in negatives {
                loss += Float.log(onePlus: row[index]) * share
                row[index] = row[index] / (1 + row[index]) * (scale * share)
            }
            // The exponential of minus a size, which is never infinite.
            let small = Float.exp(-abs(score * scale))
            let doubt = score > 0 ? small / (1 + small) : 1 / (1 + small)
            row[count] = -scale * doubt
            row[count + 1] = loss + Float.log(onePlus: small) + max(0, -score * scale)
        }
    }
}
