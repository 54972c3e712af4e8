import Testing
import Vectors

struct MatrixTests {
    private let matrix = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6])

    @Test func `a row lies without gaps behind the one before`() {
        #expect(matrix.row(0) == [1, 2])
        #expect(matrix.row(2) == [5, 6])
        #expect(matrix.range(ofRow: 1) == 2..<4)
        #expect(matrix[2, 0] == 5)
        var changed = matrix
        changed[1, 1] = 9
        #expect(changed.elements == [1, 2, 3, 9, 5, 6])
    }

    @Test func `rows are gathered in the order in which they are named, and as often`() {
        #expect(matrix.gather([2, 0, 2]).elements == [5, 6, 1, 2, 5, 6])
        #expect(matrix.gather([]) == Matrix(rows: 0, columns: 2))
    }

    @Test func `normalised rows have length one, and keep their direction`() {
        let original = randomMatrix(rows: 20, columns: 7, seed: 2)
        var normalised = original
        normalised.normaliseRows()
        for row in 0..<20 {
            let length = original.row(row).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            for column in 0..<7 {
                let expected = Double(original[row, column]) / length
                #expect(abs(Double(normalised[row, column]) - expected) < 1e-6)
            }
        }
    }

    @Test(arguments: [1e30, 1e-30] as [Float])
    func `rows of any scale have a direction`(scale: Float) {
        var matrix = Matrix(rows: 1, columns: 2, elements: [3 * scale, 4 * scale])
        matrix.normaliseRows()
        #expect(abs(matrix[0, 0] - 0.6) < 1e-6 && abs(matrix[0, 1] - 0.8) < 1e-6)
    }

    @Test func `a row of zeros has no direction, and stays as it is`() {
        var matrix = Matrix(rows: 2, columns: 2, elements: [0, 0, 3, 4])
        matrix.normaliseRows()
        #expect(matrix.row(0) == [0, 0])
        #expect(abs(matrix[1, 0] - 0.6) < 1e-6 && abs(matrix[1, 1] - 0.8) < 1e-6)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `the first row that is not finite is found`(value: Float) {
        #expect(matrix.firstRowNotFinite == nil)
        var damaged = matrix
        damaged[2, 1] = value
        #expect(damaged.firstRowNotFinite == 2)
        damaged[1, 0] = value
        #expect(damaged.firstRowNotFinite == 1)
        #expect(Matrix(rows: 0, columns: 0).firstRowNotFinite == nil)
    }

    @Test func `elements that do not fill the shape are a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            _ = Matrix(rows: 2, columns: 2, elements: [1, 2, 3])
        }
        await #expect(processExitsWith: .failure) {
            _ = Matrix(rows: -1, columns: -1, elements: [1])
        }
    }
}
