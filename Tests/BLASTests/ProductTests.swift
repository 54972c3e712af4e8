import BLAS
import Testing
import Vectors

/// Products against three plain loops.
///
/// The suite is serial, because the number of threads is that of the process.
@Suite(.serialized)
struct ProductTests {
    struct Shape: Sendable {
        var rows: Int
        var columns: Int
        var k: Int
    }

    /// Odd sizes and single rows; the last two are above the size from which threads share a
    /// product.
    private static let shapes = [
        Shape(rows: 1, columns: 1, k: 1),
        Shape(rows: 1, columns: 7, k: 3),
        Shape(rows: 5, columns: 1, k: 4),
        Shape(rows: 3, columns: 5, k: 7),
        Shape(rows: 17, columns: 33, k: 9),
        Shape(rows: 101, columns: 103, k: 107),
        Shape(rows: 3, columns: 613, k: 601),
    ]

    private static func randomMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
        var generator = SeededGenerator(seed: seed)
        let elements = (0..<rows * columns).map { _ in generator.normal() }
        return Matrix(rows: rows, columns: columns, elements: elements)
    }

    private static func factors(
        _ shape: Shape,
        _ transposeA: Bool,
        _ transposeB: Bool
    ) -> (a: Matrix, b: Matrix) {
        let a =
            transposeA
            ? randomMatrix(rows: shape.k, columns: shape.rows, seed: 1)
            : randomMatrix(rows: shape.rows, columns: shape.k, seed: 1)
        let b =
            transposeB
            ? randomMatrix(rows: shape.columns, columns: shape.k, seed: 2)
            : randomMatrix(rows: shape.k, columns: shape.columns, seed: 2)
        return (a, b)
    }

    /// The largest distance of `found` from alpha op(A) op(B) + beta C, by the definition; of large
    /// products only some rows and columns are looked at, the last ones among them.
    private static func error(
        _ found: Matrix,
        _ a: Matrix,
        transposeA: Bool,
        _ b: Matrix,
        transposeB: Bool,
        alpha: Float = 1,
        beta: Float = 0,
        c: Matrix? = nil
    ) -> Double {
        let k = transposeA ? a.rows : a.columns
        var largest = 0.0
        for row in some(found.rows) {
            for column in some(found.columns) {
                var sum = 0.0
                for index in 0..<k {
                    let left = a.elements[
                        transposeA ? index * a.columns + row : row * a.columns + index
                    ]
                    let right = b.elements[
                        transposeB ? column * b.columns + index : index * b.columns + column
                    ]
                    sum += Double(left) * Double(right)
                }
                let old = c.map { Double(beta) * Double($0[row, column]) } ?? 0
                let distance = abs(Double(found[row, column]) - Double(alpha) * sum - old)
                largest = max(largest, distance.isNaN ? .infinity : distance)
            }
        }
        return largest
    }

    private static func some(_ count: Int) -> [Int] {
        let step = count < 50 ? 1 : count / 20
        return stride(from: 0, to: count, by: step).map { count - 1 - $0 }
    }

    @Test(arguments: [1, 2, 3], [(false, false), (false, true), (true, false), (true, true)])
    func `a product is that of three loops`(threads: Int, transposes: (Bool, Bool)) {
        for shape in Self.shapes {
            let (a, b) = Self.factors(shape, transposes.0, transposes.1)
            let product = Matrix.product(
                a,
                transposeA: transposes.0,
                b,
                transposeB: transposes.1,
                threads: threads
            )
            #expect(product.rows == shape.rows && product.columns == shape.columns)
            let error = Self.error(
                product,
                a,
                transposeA: transposes.0,
                b,
                transposeB: transposes.1
            )
            #expect(error < 1e-5 * Double(shape.k), "\(shape)")
        }
    }

    @Test(arguments: [1, 2], [Float](arrayLiteral: 0, 1, -0.5))
    func `a product is added to what is there, times beta`(threads: Int, beta: Float) {
        for shape in Self.shapes {
            let (a, b) = Self.factors(shape, true, false)
            let old = Self.randomMatrix(rows: shape.rows, columns: shape.columns, seed: 3)
            var c = old
            c.addProduct(a, transposeA: true, b, alpha: 2, beta: beta, threads: threads)
            let error = Self.error(
                c,
                a,
                transposeA: true,
                b,
                transposeB: false,
                alpha: 2,
                beta: beta,
                c: old
            )
            #expect(error < 2e-5 * Double(shape.k), "\(shape)")
        }
    }

    @Test func `with beta 0 it does not matter what was there`() {
        let (a, b) = Self.factors(Shape(rows: 3, columns: 4, k: 5), false, false)
        var c = Matrix(rows: 3, columns: 4, elements: [Float](repeating: .nan, count: 12))
        c.addProduct(a, b, beta: 0)
        #expect(c == Matrix.product(a, b))
    }

    @Test func `an empty sum is zero, and adds nothing`() {
        let (a, b) = (Matrix(rows: 3, columns: 0), Matrix(rows: 0, columns: 4))
        #expect(Matrix.product(a, b) == Matrix(rows: 3, columns: 4))
        #expect(
            Matrix.product(b, transposeA: true, a, transposeB: true) == Matrix(rows: 4, columns: 3)
        )
        let old = Self.randomMatrix(rows: 3, columns: 4, seed: 4)
        var c = old
        c.addProduct(a, b)
        #expect(c == old)
    }

    @Test func `a product without rows or columns is empty`() {
        let (none, some) = (Matrix(rows: 0, columns: 3), Matrix(rows: 3, columns: 2))
        #expect(Matrix.product(none, some) == Matrix(rows: 0, columns: 2))
        #expect(
            Matrix.product(some, transposeA: true, none, transposeB: true)
                == Matrix(rows: 2, columns: 0)
        )
    }

    @Test func `fewer threads than one are one`() {
        let (a, b) = Self.factors(Shape(rows: 101, columns: 103, k: 107), false, false)
        let error = Self.error(
            .product(a, b, threads: 0),
            a,
            transposeA: false,
            b,
            transposeB: false
        )
        #expect(error < 1e-3)
    }

    @Test func `matrices that do not fit are a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            _ = Matrix.product(Matrix(rows: 2, columns: 3), Matrix(rows: 2, columns: 3))
        }
    }
}
