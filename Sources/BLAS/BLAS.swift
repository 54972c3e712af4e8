import COpenBLAS
package import Vectors

/// Matrix products by OpenBLAS.
package enum BLAS {
    /// How many threads a product may use, for the whole process; set it once, at the start.
    package static func setThreads(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: max(1, count)))
    }
}

extension Matrix {
    /// Adds a product to this matrix: C <- alpha op(A) op(B) + beta C.
    ///
    /// `transposeA` and `transposeB` say whether op() transposes. Shapes: op(A) (rows, k),
    /// op(B) (k, columns).
    package mutating func addProduct(
        _ a: Matrix,
        transposeA: Bool = false,
        _ b: Matrix,
        transposeB: Bool = false,
        alpha: Float = 1,
        beta: Float = 1
    ) {
        let (rowsA, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (rowsB, columnsB) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(
            rowsA == rows && columnsB == columns && rowsB == k,
            "a product of \(rowsA) x \(k) and \(rowsB) x \(columnsB) is not \(rows) x \(columns)"
        )
        guard rows > 0, columns > 0 else { return }
        let (m, n, leading) = (Int32(rows), Int32(columns), Int32(max(columns, 1)))
        unsafe a.elements.withUnsafeBufferPointer { aElements in
            unsafe b.elements.withUnsafeBufferPointer { bElements in
                unsafe elements.withUnsafeMutableBufferPointer { elements in
                    unsafe cblas_sgemm(
                        CblasRowMajor,
                        transposeA ? CblasTrans : CblasNoTrans,
                        transposeB ? CblasTrans : CblasNoTrans,
                        m,
                        n,
                        Int32(k),
                        alpha,
                        aElements.baseAddress,
                        Int32(max(a.columns, 1)),
                        bElements.baseAddress,
                        Int32(max(b.columns, 1)),
                        beta,
                        elements.baseAddress,
                        leading
                    )
                }
            }
        }
    }

    /// The product op(A) op(B).
    package static func product(
        _ a: Matrix,
        transposeA: Bool = false,
        _ b: Matrix,
        transposeB: Bool = false
    ) -> Matrix {
        var c = Matrix(
            rows: transposeA ? a.columns : a.rows,
            columns: transposeB ? b.rows : b.columns
        )
        c.addProduct(a, transposeA: transposeA, b, transposeB: transposeB, beta: 0)
        return c
    }
}
