import RealModule
package import Vectors

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
    package private(set) var step = 0
    /// For each parameter, in the model's order; empty before the first step.
    private var moments: [Moments] = []

    /// The running means of a parameter's gradient and of the gradient's square.
    private struct Moments: Equatable {
        let name: String
        var mean: Matrix
        var square: Matrix

        static func meanName(_ name: String) -> String { "\(name).mean" }
        static func squareName(_ name: String) -> String { "\(name).square" }
    }

    package init() {}

    /// What Adam was after `step` steps on `model`, from its ``tensors``.
    package init(
        step: Int,
        of model: Model,
        tensors: [String: Matrix]
    ) throws(MissingParameter) {
        self.step = step
        guard step > 0 else { return }
        let source = TrainedParameters(tensors: tensors)
        for parameter in model.parameters {
            func tensor(_ name: String) throws(MissingParameter) -> Matrix {
                let (rows, columns) = (parameter.value.rows, parameter.value.columns)
                return try source.value(name, rows: rows, columns: columns, deviation: 0)
            }
            moments.append(
                Moments(
                    name: parameter.name,
                    mean: try tensor(Moments.meanName(parameter.name)),
                    square: try tensor(Moments.squareName(parameter.name))
                )
            )
        }
    }

    /// The running means: for a parameter w, `w.mean` of its gradient and `w.square` of the
    /// gradient's square, each of w's shape.
    package var tensors: [String: Matrix] {
        var tensors: [String: Matrix] = [:]
        for moments in moments {
            tensors[Moments.meanName(moments.name)] = moments.mean
            tensors[Moments.squareName(moments.name)] = moments.square
        }
        return tensors
    }

    /// Moves every parameter of `model` against its gradient.
    package mutating func update(_ model: inout Model, rate: Float, threads: Int) {
        step += 1
        let firstCorrection = 1 - Float.pow(firstDecay, Float(step))
        let secondCorrection = 1 - Float.pow(secondDecay, Float(step))
        var place = 0
        model.updateParameters { parameter in
            if place == moments.count {
                let zeros = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
                moments.append(Moments(name: parameter.name, mean: zeros, square: zeros))
            }
            defer { place += 1 }
            let (rows, gradient): ([Int]?, Matrix)
            switch parameter.gradient {
            case .none: return
            case .dense(let matrix): (rows, gradient) = (nil, matrix)
            case .rows(let touched, let values): (rows, gradient) = (touched, values)
            }
            moments[place].mean.decay(by: firstDecay, towards: gradient, rows, threads) { $0 }
            moments[place].square.decay(by: secondDecay, towards: gradient, rows, threads) {
                $0 * $0
            }
            let (means, squares) = (moments[place].mean, moments[place].square)
            let (width, epsilon) = (gradient.columns, epsilon)
            parameter.value.forEachRow(rows, threads: threads) { row, values in
                let range = means.range(ofRow: rows?[row] ?? row)
                let means = means.elements.span.extracting(range)
                let squares = squares.elements.span.extracting(range)
                for index in 0..<width {
                    let mean = means[index] / firstCorrection
                    let square = squares[index] / secondCorrection
                    values[index] -= rate * mean / (square.squareRoot() + epsilon)
                }
            }
        }
    }
}

extension Matrix {
    /// Moves rows towards a function of the gradient: x <- decay x + (1 - decay) f(gradient).
    fileprivate mutating func decay(
        by decay: Float,
        towards gradient: Matrix,
        _ rows: [Int]?,
        _ threads: Int,
        _ function: @Sendable (Float) -> Float
    ) {
        forEachRow(rows, threads: threads) { row, values in
            let gradient = gradient.elements.span.extracting(gradient.range(ofRow: row))
            for index in gradient.indices {
                values[index] = decay * values[index] + (1 - decay) * function(gradient[index])
            }
        }
    }
}
