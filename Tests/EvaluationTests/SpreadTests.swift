import Evaluation
import Testing
import Vectors

struct SpreadTests {
    @Test func `the kurtosis of a small sample is its moments' by hand`() {
        // Two values, equally often: plain kurtosis 1, the least there is.
        #expect(excessKurtosis(of: [-1, 1, -1, 1]) == -2)
        // m2 = (4 + 1 + 0 + 1 + 4) / 5 = 2 and m4 = (16 + 1 + 0 + 1 + 16) / 5 = 6.8.
        #expect(abs(excessKurtosis(of: [1, 2, 3, 4, 5]) - (6.8 / 4 - 3)) < 1e-12)
        #expect(excessKurtosis(of: [7, 7, 7]) == 0)
        #expect(excessKurtosis(of: []) == 0)
    }

    @Test func `similarities of random directions are nearly normal`() {
        // In d dimensions the excess kurtosis is -6 / (d + 2) in expectation: here -0.09.
        let vectors = randomMatrix(rows: 2_000, columns: 64, seed: 8)
        let kurtosis = similarityKurtosis(of: vectors, pairs: 40_000, seed: 9)
        #expect(abs(kurtosis + 6.0 / 66) < 0.1)
    }

    @Test func `a catalogue of tight clusters has a high kurtosis`() {
        // 2 items in 100 look alike and all others are at right angles: rare, large similarities.
        var vectors = Matrix(rows: 100, columns: 50)
        for row in 0..<100 {
            vectors[row, row / 2] = 1
        }
        #expect(similarityKurtosis(of: vectors, pairs: 20_000, seed: 10) > 50)
    }

    @Test func `one seed gives one value`() {
        let vectors = randomMatrix(rows: 50, columns: 4, seed: 11)
        let value = similarityKurtosis(of: vectors, pairs: 1_000, seed: 12)
        #expect(value == similarityKurtosis(of: vectors, pairs: 1_000, seed: 12))
        #expect(value != similarityKurtosis(of: vectors, pairs: 1_000, seed: 13))
    }

    @Test(arguments: [0, 1, 2])
    func `too few or equal vectors have no spread to measure`(rows: Int) {
        let vectors = Matrix(
            rows: rows,
            columns: 3,
            elements: [Float](repeating: 0.3, count: rows * 3)
        )
        #expect(similarityKurtosis(of: vectors, pairs: 100, seed: 1) == 0)
    }
}
