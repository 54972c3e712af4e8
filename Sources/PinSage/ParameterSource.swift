import Vectors

/// Where the values of a new model's parameters come from.
protocol ParameterSource {
    associatedtype Failure: Error

    /// The value of the parameter `name`; a random one is normally distributed with standard
    /// deviation `deviation`, and 0 stands for a matrix of zeros.
    mutating func value(
        _ name: String,
        rows: Int,
        columns: Int,
        deviation: Float
    ) throws(Failure) -> Matrix
}

extension ParameterSource {
    mutating func parameter(
        _ name: String,
        rows: Int,
        columns: Int,
        deviation: Float = 0
    ) throws(Failure) -> Parameter {
        Parameter(
            name,
            try value(name, rows: rows, columns: columns, deviation: deviation)
        )
    }
}

/// Random values, all of which follow from a seed.
struct RandomParameters: ParameterSource {
    var generator: SeededGenerator

    mutating func value(
        _: String,
        rows: Int,
        columns: Int,
        deviation: Float
    ) throws(Never) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        if deviation > 0 {
            for index in matrix.elements.indices {
                matrix.elements[index] = generator.normal() * deviation
            }
        }
        return matrix
    }
}

/// The values of a trained model, by the names of its parameters.
struct TrainedParameters: ParameterSource {
    let tensors: [String: Matrix]

    func value(
        _ name: String,
        rows: Int,
        columns: Int,
        deviation _: Float
    ) throws(MissingParameter) -> Matrix {
        guard let tensor = tensors[name], tensor.rows == rows, tensor.columns == columns else {
            throw MissingParameter(name: name, rows: rows, columns: columns)
        }
        return tensor
    }
}

/// A parameter that is not among the tensors of a checkpoint, or has another shape there.
package struct MissingParameter: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let rows: Int
    package let columns: Int

    package var description: String { "there is no tensor \(name) of \(rows) x \(columns)" }
}
