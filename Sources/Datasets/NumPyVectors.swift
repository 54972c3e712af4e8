package import Foundation
package import Vectors

/// The rows of a `.npy` file as vectors, made of the mapped file as they are asked for.
///
/// ```swift
/// let vectors = try NumPyVectors(contentsOf: url)
/// let first = vectors.gather(0..<10)
/// ```
package struct NumPyVectors: VectorRows {
    /// The kinds of values that vectors are kept in; floats hold each of their values exactly.
    private static let elements: [NumPyArray.Element] = [.float32, .float16, .uint8]
    /// How many rows are looked at in one go.
    private static let block = 4096

    private let array: NumPyArray

    /// Maps the file at `url`.
    ///
    /// - Throws: ``DatasetError`` where it is no table of such values, or has none.
    package init(contentsOf url: URL) throws(DatasetError) {
        array = try NumPyArray(contentsOf: url)
        guard array.shape.count == 2 else {
            throw DatasetError(
                .malformed,
                "\(url.path) has one dimension, of \(array.columns) values; vectors have two, a row "
                    + "each: save reshape(-1, DIMENSION) of it"
            )
        }
        guard Self.elements.contains(array.element) else {
            throw DatasetError(
                .malformed,
                "\(url.path) holds values of type \(array.element.rawValue); vectors are float32, "
                    + "float16 or uint8: save astype('float32') of it"
            )
        }
        guard array.rows > 0, array.columns > 0 else {
            throw DatasetError(
                .empty,
                "\(url.path) has \(array.rows) rows of \(array.columns) values; at least one of one "
                    + "is needed"
            )
        }
    }

    package var rows: Int { array.rows }

    package var columns: Int { array.columns }

    package func gather(_ indices: some Collection<Int>) -> Matrix {
        array.matrix(ofRows: indices)
    }

    package func firstRow(beyond limit: Float) -> Int? {
        for start in stride(from: 0, to: rows, by: Self.block) {
            let part = gather(start..<min(start + Self.block, rows))
            if let row = part.firstRow(beyond: limit) { return start + row }
        }
        return nil
    }
}
