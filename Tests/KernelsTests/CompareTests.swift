import Kernels
import Testing
import Vectors

struct CompareTests {
    @Test(arguments: allKernels, dimensions)
    func `a comparison is a plain sum in double precision`(kernels: KernelSet, dimension: Int) {
        for seed in 0..<20 {
            let (query, vector) = (
                unaligned(dimension, seed: seed), unaligned(dimension, seed: seed + 100)
            )
            let halves = vector.map { Float16($0) }
            for comparison in Comparison.allCases {
                for (found, values) in [
                    (
                        kernels.compare(query.fromSecond, with: vector.fromSecond, by: comparison),
                        vector
                    ),
                    (
                        kernels.compare(query.fromSecond, with: halves.fromSecond, by: comparison),
                        halves.map { Float($0) }
                    ),
                ] {
                    let expected = plain(query.dropFirst(), values.dropFirst(), by: comparison)
                    let allowed = tolerance(dimension, size: expected.size)
                    #expect(abs(Double(found) - expected.value) <= allowed)
                }
            }
        }
    }

    @Test(arguments: allKernels, dimensions)
    func `a vector compares the same alone, in a row of vectors and picked out`(
        kernels: KernelSet,
        dimension: Int
    ) {
        let query = unaligned(dimension, seed: 1)
        for count in dimension == 128 ? counts + [1_000] : counts {
            let vectors = unaligned(count * dimension, seed: 2)
            let halves = vectors.map { Float16($0) }
            let rows = (0..<count).map { UInt32($0 * 7 % count) }
            let places = (0..<count).map { $0 * dimension..<($0 + 1) * dimension }
            for comparison in Comparison.allCases {
                let one = places.map {
                    let vector = vectors.fromSecond.extracting($0)
                    return kernels.compare(query.fromSecond, with: vector, by: comparison)
                }
                let oneHalf = places.map {
                    let vector = halves.fromSecond.extracting($0)
                    return kernels.compare(query.fromSecond, with: vector, by: comparison)
                }
                let (query, vectors, halves) = (
                    query.fromSecond, vectors.fromSecond, halves.fromSecond
                )
                var found = [Float](repeating: .nan, count: count)
                var span = found.mutableSpan
                kernels.compare(query, withEach: vectors, by: comparison, into: &span)
                #expect(found == one)
                span = found.mutableSpan
                kernels.compare(query, withEach: halves, by: comparison, into: &span)
                #expect(found == oneHalf)
                span = found.mutableSpan
                kernels.compare(
                    query,
                    withRows: rows.span,
                    of: vectors,
                    by: comparison,
                    into: &span
                )
                #expect(found == rows.map { one[Int($0)] })
                span = found.mutableSpan
                kernels.compare(query, withRows: rows.span, of: halves, by: comparison, into: &span)
                #expect(found == rows.map { oneHalf[Int($0)] })
            }
        }
    }

    @Test(arguments: allKernels, [60, -60, -140])
    func `large, small and subnormal values are not lost`(
        kernels: KernelSet,
        exponent: Int
    ) {
        let query = unaligned(33, seed: 3)
        let size = Float(sign: .plus, exponent: exponent, significand: 1)
        let vector = unaligned(33, seed: 4).map { $0 * size }
        let found = kernels.compare(query.fromSecond, with: vector.fromSecond, by: .innerProduct)
        let expected = plain(query.dropFirst(), vector.dropFirst(), by: .innerProduct)
        // Beside what is lost relatively, a product below the normal numbers is rounded to 2^-149.
        let allowed = tolerance(33, size: expected.size) + 33 * 0x1p-149
        #expect(abs(Double(found) - expected.value) <= allowed)
    }

    @Test func `a row beyond the vectors is a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            let (query, vectors): ([Float], [Float]) = ([1, 2], [1, 2, 3, 4])
            let rows: [UInt32] = [2]
            var results: [Float] = [0]
            var span = results.mutableSpan
            KernelSet.best.compare(
                query.span,
                withRows: rows.span,
                of: vectors.span,
                by: .innerProduct,
                into: &span
            )
        }
    }

    @Test func `counts that do not fit are a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            let (query, vectors): ([Float], [Float]) = ([1, 2], [1, 2, 3])
            var results: [Float] = [0]
            var span = results.mutableSpan
            KernelSet.best.compare(
                query.span,
                withEach: vectors.span,
                by: .innerProduct,
                into: &span
            )
        }
        await #expect(processExitsWith: .failure) {
            let (query, vector): ([Float], [Float16]) = ([1, 2], [1])
            _ = KernelSet.best.compare(query.span, with: vector.span, by: .squaredDistance)
        }
    }
}
