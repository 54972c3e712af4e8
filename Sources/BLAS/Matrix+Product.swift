import COpenBLAS
package import Vectors

extension Matrix {
    /// Adds a product to this matrix: C <- alpha op(A) op(B) + beta C.
    ///
    /// `transposeA` and `transposeB` say whether op() transposes. Shapes: op(A) (rows, k),
    /// op(B) (k, columns). A large product is split over `threads` threads. The last bits depend on
    /// the processor and on `threads`.
    package mutating func addProduct(
        _ a: Matrix,
        transposeA: Bool = false,
        _ b: Matrix,
        transposeB: Bool = false,
        alpha: Float = 1,
        beta: Float = 1,
        threads: Int = 1
    ) {
        BLAS.prepare()
        let (rowsA, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (rowsB, columnsB) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(
            rowsA == rows && columnsB == columns && rowsB == k,
            "a product of \(rowsA) x \(k) and \(rowsB) x \(columnsB) is not \(rows) x \(columns)"
        )
        guard rows > 0, columns > 0 else { return }
        let (rows, columns) = (rows, columns)
        // A small product does not gain by a second thread.
        let threads = rows * columns * k < 1 << 20 ? 1 : max(1, threads)
        unsafe a.elements.withUnsafeBufferPointer { aElements in
            unsafe b.elements.withUnsafeBufferPointer { bElements in
                unsafe elements.withUnsafeMutableBufferPointer { elements in
                    // Each part writes rows of its own, and A and B are only read.
                    nonisolated(unsafe) let (aElements, bElements, elements) =
                        unsafe (aElements, bElements, elements)
                    _ = mapInParallel(over: rows, parts: threads, threads: threads) { part in
                        let start = transposeA ? part.lowerBound : part.lowerBound * k
                        unsafe cblas_sgemm(
                            CblasRowMajor,
                            transposeA ? CblasTrans : CblasNoTrans,
                            transposeB ? CblasTrans : CblasNoTrans,
                            Int32(part.count),
                            Int32(columns),
                            Int32(k),
                            alpha,
                            aElements.baseAddress?.advanced(by: k == 0 ? 0 : start),
                            Int32(max(a.columns, 1)),
                            bElements.baseAddress,
                            Int32(max(b.columns, 1)),
                            beta,
                            elements.baseAddress?.advanced(by: part.lowerBound * columns),
                            Int32(columns)
                        )
                    }
                }
            }
        }
    }

    /// The product op(A) op(B).
    package static func product(
        _ a: Matrix,
        transposeA: Bool = false,
        _ b: Matrix,
        transposeB: Bool = false,
        threads: Int = 1
    ) -> Matrix {
        var c = Matrix(
            rows: transposeA ? a.columns : a.rows,
            columns: transposeB ? b.rows : b.columns
        )
        c.addProduct(
            a,
            transposeA: transposeA,
            b,
            transposeB: transposeB,
            beta: 0,
            threads: threads
        )
        return c
    }
}
