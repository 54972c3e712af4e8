import Vectors

/// A matrix of normal random numbers.
func randomMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    let elements = (0..<rows * columns).map { _ in generator.normal() }
    return Matrix(rows: rows, columns: columns, elements: elements)
}
