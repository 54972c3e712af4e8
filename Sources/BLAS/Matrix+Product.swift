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
        let product = Product(a: a, transposeA: transposeA, b: b, transposeB: transposeB)
        precondition(
            product.rows == rows && product.columns == columns,
            "a product of \(product.rows) x \(product.columns) is not \(rows) x \(columns)"
        )
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            unsafe product.add(to: elements, alpha: alpha, beta: beta, threads: threads)
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
        let product = Product(a: a, transposeA: transposeA, b: b, transposeB: transposeB)
        let count = product.rows * product.columns
        // Not zeros first: where beta is 0 BLAS writes all elements and reads none.
        let elements = unsafe [Float](unsafeUninitializedCapacity: count) { elements, filled in
            unsafe product.add(
                to: UnsafeMutableBufferPointer(rebasing: elements[..<count]),
                alpha: 1,
                beta: 0,
                threads: threads
            )
            filled = count
        }
        return Matrix(rows: product.rows, columns: product.columns, elements: elements)
    }
}

/// op(A) op(B), of shape (rows, columns), before it is computed.
private struct Product {
    private let a: Matrix
    private let transposeA: Bool
    private let b: Matrix
    private let transposeB: Bool
    let rows: Int
    let columns: Int
    /// What is summed over.
    private let k: Int

    init(a: Matrix, transposeA: Bool, b: Matrix, transposeB: Bool) {
        (self.a, self.transposeA, self.b, self.transposeB) = (a, transposeA, b, transposeB)
        (rows, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
        let rowsB = transposeB ? b.columns : b.rows
        columns = transposeB ? b.rows : b.columns
        precondition(k == rowsB, "a matrix of \(k) columns does not meet one of \(rowsB) rows")
    }

    /// C <- alpha op(A) op(B) + beta C, for the `rows` x `columns` elements of C.
    func add(
        to elements: UnsafeMutableBufferPointer<Float>,
        alpha: Float,
        beta: Float,
        threads: Int
    ) {
        BLAS.prepare()
        guard rows > 0, columns > 0 else { return }
        // A small product does not gain by a second thread.
        let threads = rows * columns * k < 1 << 20 ? 1 : max(1, threads)
        let (transposeA, transposeB, columns, k) = (transposeA, transposeB, columns, k)
        let (widthA, widthB) = (Int32(max(a.columns, 1)), Int32(max(b.columns, 1)))
        unsafe a.elements.withUnsafeBufferPointer { a in
            unsafe b.elements.withUnsafeBufferPointer { b in
                // Each part writes rows of its own, and A and B are only read.
                nonisolated(unsafe) let (a, b, elements) = unsafe (a, b, elements)
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
                        a.baseAddress?.advanced(by: k == 0 ? 0 : start),
                        widthA,
                        b.baseAddress,
                        widthB,
                        beta,
                        elements.baseAddress?.advanced(by: part.lowerBound * columns),
                        Int32(columns)
                    )
                }
            }
        }
    }
}
