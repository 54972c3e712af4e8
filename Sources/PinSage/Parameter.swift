package import Vectors

/// A trained matrix with its gradient and the two moments that Adam keeps of it.
package struct Parameter: Sendable, Equatable {
    /// Unique in the model; the tensor's name in a checkpoint.
    package let name: String
    package var value: Matrix
    package internal(set) var gradient: Gradient
    package var firstMoment: Matrix
    package var secondMoment: Matrix

    init(_ name: String, _ value: Matrix) {
        self.name = name
        self.value = value
        gradient = .none
        firstMoment = Matrix(rows: value.rows, columns: value.columns)
        secondMoment = firstMoment
    }

    /// A parameter of normally distributed values, of standard deviation `deviation`.
    init(
        _ name: String,
        rows: Int,
        columns: Int,
        deviation: Float,
        using generator: inout SeededGenerator
    ) {
        let elements = (0..<rows * columns).map { _ in generator.normal() * deviation }
        self.init(name, Matrix(rows: rows, columns: columns, elements: elements))
    }

    /// The gradient of the loss of one batch.
    package enum Gradient: Sendable, Equatable {
        case none
        /// One value for each value of the parameter.
        case dense(Matrix)
        /// Row r of `values` is the gradient of row `rows[r]`; all other rows had no part in the
        /// batch.
        case rows([Int], values: Matrix)
    }
}
