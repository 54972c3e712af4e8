import RealModule
package import Vectors

/// How parameters move.
package struct OptimiserSettings: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Adam (Kingma and Ba, ICLR 2015, algorithm 1).
        case adam
        /// Stochastic gradient descent with momentum: the paper's choice.
        case sgd
    }

    package var kind = Kind.adam
    /// The share of the mean gradient that stays from step to step: Adam's first decay, or the
    /// momentum of gradient descent.
    package var momentum: Float = 0.9
    /// The share of the mean squared gradient that stays; only Adam has one.
    package var secondDecay: Float = 0.999
    /// The length that all gradients together are cut to; 0 cuts nothing.
    package var clip: Float = 0

    package init() {}
}

/// Moves a model's parameters against their gradients.
///
/// Rows of a table that had no part in a batch keep their values and moments, so a step costs what
/// the batch touched ("lazy" Adam).
package struct Optimiser: Sendable, Equatable {
    package let settings: OptimiserSettings
    /// Small, because the gradients of a mean over pairs and negatives are small.
    private static let epsilon: Float = 1e-9
    /// Steps taken.
    package private(set) var step = 0
    /// For each parameter, in the model's order; empty before the first step.
    private var moments: [Moments] = []

    /// The running means of a parameter's gradient and, for Adam, of the gradient's square.
    fileprivate struct Moments: Equatable {
        let name: String
        var mean: Matrix
        var square: Matrix?

        static func meanName(_ name: String) -> String { "\(name).mean" }
        static func squareName(_ name: String) -> String { "\(name).square" }
    }

    package init(_ settings: OptimiserSettings) {
        self.settings = settings
    }

    /// What an optimiser was after `step` steps on `model`, from its ``tensors``.
    package init(
        _ settings: OptimiserSettings,
        step: Int,
        of model: Model,
        tensors: [String: Matrix]
    ) throws(MissingParameter) {
        self.settings = settings
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
                    square: settings.kind == .sgd
                        ? nil : try tensor(Moments.squareName(parameter.name))
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
        let factor = clipping(of: model)
        var place = 0
        model.updateParameters { parameter in
            if place == moments.count {
                let zeros = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
                moments.append(
                    Moments(
                        name: parameter.name,
                        mean: zeros,
                        square: settings.kind == .adam ? zeros : nil
                    )
                )
            }
            defer { place += 1 }
            let (rows, gradient): ([Int]?, Matrix)
            switch parameter.gradient {
            case .none: return
            case .dense(let matrix): (rows, gradient) = (nil, matrix)
            case .rows(let touched, let values): (rows, gradient) = (touched, values)
            }
            switch settings.kind {
            case .adam:
                moments[place].adapt(to: gradient, rows, factor, settings, threads)
                parameter.value.move(
                    rows,
                    by: moments[place],
                    rate: rate,
                    corrections: (
                        1 - Float.pow(settings.momentum, Float(step)),
                        1 - Float.pow(settings.secondDecay, Float(step))
                    ),
                    epsilon: Self.epsilon,
                    threads
                )
            case .sgd:
                let momentum = settings.momentum
                // The gradient as it is, where Adam takes a mean.
                let whole = factor / (1 - momentum)
                moments[place].mean.decay(by: momentum, towards: gradient, rows, threads) {
                    whole * $0
                }
                let means = moments[place].mean
                parameter.value.forEachRow(rows, threads: threads) { row, values in
                    let range = means.range(ofRow: rows?[row] ?? row)
                    let means = means.elements.span.extracting(range)
                    for index in means.indices {
                        values[index] -= rate * means[index]
                    }
                }
            }
        }
    }

    /// What gradients are multiplied by, so that all of them together are no longer than the clip.
    private func clipping(of model: Model) -> Float {
        guard settings.clip > 0 else { return 1 }
        var squares: Float = 0
        for parameter in model.parameters {
            squares += parameter.gradient.squaredLength
        }
        return min(1, settings.clip / max(squares.squareRoot(), .leastNormalMagnitude))
    }
}

extension Parameter.Gradient {
    fileprivate var squaredLength: Float {
        let values: [Float]
        switch self {
        case .none: return 0
        case .dense(let matrix), .rows(_, values: let matrix): values = matrix.elements
        }
        return innerProduct(values.span, values.span)
    }
}

extension Optimiser.Moments {
    /// Moves the running means towards a gradient and its square.
    fileprivate mutating func adapt(
        to gradient: Matrix,
        _ rows: [Int]?,
        _ factor: Float,
        _ settings: OptimiserSettings,
        _ threads: Int
    ) {
        mean.decay(by: settings.momentum, towards: gradient, rows, threads) { factor * $0 }
        square?.decay(by: settings.secondDecay, towards: gradient, rows, threads) {
            factor * $0 * factor * $0
        }
    }
}

extension Matrix {
    /// Adam's step of these values.
    fileprivate mutating func move(
        _ rows: [Int]?,
        by moments: Optimiser.Moments,
        rate: Float,
        corrections: (first: Float, second: Float),
        epsilon: Float,
        _ threads: Int
    ) {
        guard let squares = moments.square else { return }
        let means = moments.mean
        // One division a value instead of three.
        let (rate, correction) = (rate / corrections.first, 1 / corrections.second)
        forEachRow(rows, threads: threads) { row, values in
            let range = means.range(ofRow: rows?[row] ?? row)
            let means = means.elements.span.extracting(range)
            let squares = squares.elements.span.extracting(range)
            for index in values.indices {
                let root = (correction * squares[index]).squareRoot()
                values[index] -= rate * means[index] / (root + epsilon)
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
