import Files
import Foundation
package import Vectors

/// A matrix that grows row by row in a scratch file, where it would take too much memory.
///
/// ```swift
/// var scratch = ScratchMatrix(columns: 128, in: folder)
/// try scratch.append(some)
/// try scratch.append(more)
/// let all = try scratch.mapped()
/// ```
struct ScratchMatrix: ~Copyable {
    private let columns: Int
    private var file: ScratchFile

    /// An empty one, on the disk of `folder`.
    init(columns: Int, in folder: URL) {
        self.columns = columns
        file = ScratchFile(in: folder)
    }

    mutating func append(_ rows: Matrix) throws(FileError) {
        precondition(rows.columns == columns, "all rows of a matrix are of one width")
        try file.append(rows.elements)
    }

    /// All rows, and the end of writing.
    consuming func mapped() throws(FileError) -> MappedMatrix {
        let columns = columns
        return MappedMatrix(columns: columns, elements: try file.mapped())
    }
}

/// A matrix in a mapped file, whose room on the disk is freed when nobody holds it any more.
package struct MappedMatrix: DenseRows, Sendable {
    package let columns: Int
    private let elements: MappedArray<Float>

    fileprivate init(columns: Int, elements: MappedArray<Float>) {
        self.columns = columns
        self.elements = elements
    }

    package var rows: Int { columns == 0 ? 0 : elements.count / columns }

    package var values: Span<Float> {
        @_lifetime(borrow self)
        get {
            elements.span
        }
    }

    /// A copy of all rows.
    package var matrix: Matrix { matrix(ofRows: 0..<rows) }

    /// A copy of some rows that follow each other.
    package func matrix(ofRows range: Range<Int>) -> Matrix {
        Matrix(
            rows: range.count,
            columns: columns,
            elements: elements.elements(range.lowerBound * columns..<range.upperBound * columns)
        )
    }
}
