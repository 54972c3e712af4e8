import Kernels
import Testing

struct HalvesTests {
    @Test(arguments: allKernels)
    func `every half becomes its float and comes back`(kernels: KernelSet) {
        let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }
        var floats = [Float](repeating: 0, count: halves.count)
        var floatSpan = floats.mutableSpan
        kernels.convert(halves.span, into: &floatSpan)
        #expect(zip(halves, floats).allSatisfy { isSame(Float($0), $1) })
        var back = [Float16](repeating: 0, count: halves.count)
        var span = back.mutableSpan
        kernels.convert(floats.span, into: &span)
        #expect(zip(halves, back).allSatisfy { isSame(Float($0), Float($1)) })
    }

    @Test(arguments: allKernels)
    func `floats round to the nearest half, ties to even, or become infinite`(kernels: KernelSet) {
        // Each half, what lies in the middle between it and the next one, and what lies next to
        // those two: all ties, all subnormal halves, and the step from 65,504 to infinity.
        let floats = (0..<UInt16(0x7c00)).flatMap { bits in
            let value = Float(Float16(bitPattern: bits))
            let middle = value + (bits == 0x7bff ? 16 : half(after: bits) - value) / 2
            return [value, value.nextUp, middle.nextDown, middle, middle.nextUp]
                .flatMap { [$0, -$0] }
        }
        let special: [Float] = [
            65_519.996, 65_520, 65_536, 1e30, .infinity, -.infinity, .nan, 1e-30, 0x1p-149, -0.0,
        ]
        let all = floats + special
        var found = [Float16](repeating: 0, count: all.count)
        var span = found.mutableSpan
        kernels.convert(all.span, into: &span)
        #expect(zip(all, found).allSatisfy { isSame(Float(Float16($0)), Float($1)) })
    }

    @Test(arguments: allKernels, dimensions)
    func `an array of any length is converted, and nothing behind it`(
        kernels: KernelSet,
        count: Int
    ) {
        let floats = unaligned(count, seed: 1)
        var halves = [Float16](repeating: -7, count: count + 2)
        var span = halves.mutableSpan
        var middle = span._mutatingExtracting(1..<count + 1)
        kernels.convert(floats.fromSecond, into: &middle)
        #expect(halves == [-7] + floats.dropFirst().map { Float16($0) } + [-7])
        var back = [Float](repeating: -7, count: count + 2)
        var backSpan = back.mutableSpan
        var backMiddle = backSpan._mutatingExtracting(1..<count + 1)
        kernels.convert(halves.span.extracting(1..<count + 1), into: &backMiddle)
        #expect(back == halves.map { Float($0) })
    }

    /// The value of the half behind that of `bits`.
    private func half(after bits: UInt16) -> Float { Float(Float16(bitPattern: bits + 1)) }

    /// The same bits, or both not a number.
    private func isSame(_ a: Float, _ b: Float) -> Bool {
        a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
    }
}
