package import Vectors

/// A trained matrix with its gradient.
package struct Parameter: Sendable, Equatable {
    /// Unique in the model; the tensor's name in a checkpoint.
    package let name: String
    package var value: Matrix
    package internal(set) var gradient = Gradient.none

    init(_ name: String, _ value: Matrix) {
        self.name = name
        self.value = value
    }

    /// The gradient of the loss of one batch.
    package enum Gradient: Sendable, Equatable {
        case none
        /// One value for each value of the parameter.
        case dense(Matrix)
        /// Row r of `values` is the gradient of row `rows[r]`; the rows ascend, and all others had
        /// no part in the batch.
        case rows([Int], values: Matrix)
    }
}
