import RealModule
import Vectors

/// Adam (Kingma and Ba, ICLR 2015, algorithm 1).
///
/// Rows of a table that had no part in a batch keep their values and moments, so a step costs what
/// the batch touched ("lazy" Adam).
package struct Adam: Sendable, Equatable {
    package var firstDecay: Float = 0.9
    package var secondDecay: Float = 0.999
    /// Small, because the gradients of a mean over pairs and negatives are small.
    package var epsilon: Float = 1e-9
    /// Steps taken.
    package var step = 0

    package init() {}

    /// Moves every parameter of `model` against its gradient.
    package mutating func update(_ model: inout Model, rate: Float, threads: Int) {
        step += 1
        let (first, second, epsilon) = (firstDecay, secondDecay, epsilon)
        let firstCorrection = 1 - Float.pow(first, Float(step))
        let secondCorrection = 1 - Float.pow(second, Float(step))
        model.updateParameters { parameter in
            let (rows, gradient): ([Int]?, Matrix)
            switch parameter.gradient {
            case .none: return
            case .dense(let matrix): (rows, gradient) = (nil, matrix)
            case .rows(let touched, let values): (rows, gradient) = (touched, values)
            }
            let width = gradient.columns
            parameter.firstMoment.forEachRow(rows, threads: threads) { row, moment in
                for index in 0..<width {
                    let value = gradient.elements[row * width + index]
                    moment[index] = first * moment[index] + (1 - first) * value
                }
            }
            parameter.secondMoment.forEachRow(rows, threads: threads) { row, moment in
                for index in 0..<width {
                    let value = gradient.elements[row * width + index]
                    moment[index] = second * moment[index] + (1 - second) * value * value
                }
            }
            let (means, squares) = (parameter.firstMoment, parameter.secondMoment)
            parameter.value.forEachRow(rows, threads: threads) { row, values in
                let start = (rows?[row] ?? row) * width
                for index in 0..<width {
                    let mean = means.elements[start + index] / firstCorrection
                    let square = squares.elements[start + index] / secondCorrection
                    values[index] -= rate * mean / (square.squareRoot() + epsilon)
                }
            }
        }
    }
}
