import COpenBLAS
package import Vectors

extension Matrix {
    /// The eigenvectors of this symmetric matrix, as rows, and their values, the largest first.
    ///
    /// Shapes: self (n, n) -> vectors (n, n), values (n). Only the lower triangle is read, and every
    /// value must be finite. Cost: O(n^3).
    package func symmetricEigenvectors() -> (vectors: Matrix, values: [Float]) {
        BLAS.prepare()
        precondition(rows == columns, "only a square matrix has eigenvectors")
        guard rows > 0 else { return (self, []) }
        var order = Int32(rows)
        var vectors = self
        var values = [Float](repeating: 0, count: rows)
        // The sizes that LAPACK's manual asks for.
        var workSize = Int32(1 + 6 * rows + 2 * rows * rows)
        var wholeSize = Int32(3 + 5 * rows)
        var work = [Float](repeating: 0, count: Int(workSize))
        var whole = [Int32](repeating: 0, count: Int(wholeSize))
        var info: Int32 = 0
        // Fortran's upper triangle, by columns, is the lower one by rows.
        unsafe ssyevd_(
            "V",
            "U",
            &order,
            &vectors.elements,
            &order,
            &values,
            &work,
            &workSize,
            &whole,
            &wholeSize,
            &info
        )
        precondition(info == 0, "a symmetric matrix of finite values has eigenvectors")
        // LAPACK's columns, ascending, are our rows; the largest goes first.
        return (vectors.gather((0..<rows).reversed()), values.reversed())
    }
}
