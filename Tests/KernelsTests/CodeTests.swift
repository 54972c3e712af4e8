import Kernels
import Testing

struct CodeTests {
    @Test(arguments: allKernels, dimensions)
    func `inner products of bytes are exact`(kernels: KernelSet, dimension: Int) {
        for count in counts {
            let query: [Int8] = unalignedBytes(dimension, seed: 1)
            let vectors: [Int8] = unalignedBytes(count * dimension, seed: 2)
            let unsigned: [UInt8] = unalignedBytes(count * dimension, seed: 3)
            var found = [Int32](repeating: -1, count: count)
            var span = found.mutableSpan
            kernels.innerProducts(query.fromSecond, withEach: vectors.fromSecond, into: &span)
            #expect(found == plain(query, vectors, count))
            span = found.mutableSpan
            kernels.innerProducts(query.fromSecond, withEach: unsigned.fromSecond, into: &span)
            #expect(found == plain(query, unsigned, count))
        }
    }

    @Test(arguments: allKernels, [Int8.min, .max])
    func `the largest products of bytes do not overflow`(kernels: KernelSet, value: Int8) {
        let query = [Int8](repeating: value, count: 65_536)
        for other in [Int8.min, .max] {
            let vector = [Int8](repeating: other, count: 65_536)
            var found: [Int32] = [0]
            var span = found.mutableSpan
            kernels.innerProducts(query.span, withEach: vector.span, into: &span)
            #expect(found == [65_536 * Int32(value) * Int32(other)])
        }
        let vector = [UInt8](repeating: .max, count: 65_536)
        var found: [Int32] = [0]
        var span = found.mutableSpan
        kernels.innerProducts(query.span, withEach: vector.span, into: &span)
        #expect(found == [65_536 * Int32(value) * 255])
    }

    @Test(arguments: allKernels, dimensions)
    func `hamming distances count the bits that differ`(kernels: KernelSet, bytes: Int) {
        for count in counts {
            let code: [UInt8] = unalignedBytes(bytes, seed: 4)
            let codes: [UInt8] = unalignedBytes(count * bytes, seed: 5)
            var found = [Int32](repeating: -1, count: count)
            var span = found.mutableSpan
            kernels.hammingDistances(code.fromSecond, withEach: codes.fromSecond, into: &span)
            let expected = (0..<count).map { row in
                (0..<bytes).reduce(Int32(0)) { distance, byte in
                    distance
                        + Int32((code[1 + byte] ^ codes[1 + row * bytes + byte]).nonzeroBitCount)
                }
            }
            #expect(found == expected)
        }
    }

    @Test func `codes that do not fit are a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            let (code, codes): ([UInt8], [UInt8]) = ([1, 2], [1, 2, 3])
            var distances: [Int32] = [0]
            var span = distances.mutableSpan
            KernelSet.best.hammingDistances(code.span, withEach: codes.span, into: &span)
        }
    }

    /// The inner products of all but the first of `query` and `vectors`.
    private func plain(
        _ query: [Int8],
        _ vectors: [some FixedWidthInteger],
        _ count: Int
    ) -> [Int32] {
        let dimension = query.count - 1
        return (0..<count).map { row in
            (0..<dimension).reduce(Int32(0)) { sum, place in
                sum + Int32(query[1 + place]) * Int32(vectors[1 + row * dimension + place])
            }
        }
    }
}
