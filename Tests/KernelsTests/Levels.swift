import Kernels
import Testing
import Vectors

/// The kernels of all levels that this processor can run: one has the others as its twins.
let allKernels = KernelSet.Level.allCases.compactMap { KernelSet($0) }

extension KernelSet: CustomTestStringConvertible {
    package var testDescription: String { "\(level)" }
}

/// Around the lanes of every level, none, and one of real embeddings.
let dimensions = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 960]

/// Around the four vectors that the kernels compare at once.
let counts = [0, 1, 3, 4, 5, 8, 50]

/// Normal random numbers, the first of which is left out where they are used, so that what is read
/// lies at no address that a level may wish for.
func unaligned(_ count: Int, seed: Int) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(seed))
    return (0...count).map { _ in generator.normal() }
}

/// All bytes, the extremes the most often, one more than `count` for the same reason.
func unalignedBytes<Byte: FixedWidthInteger>(_ count: Int, seed: Int) -> [Byte] {
    var generator = SeededGenerator(seed: UInt64(seed))
    return (0...count).map { _ in
        switch generator.index(below: 4) {
        case 0: .min
        case 1: .max
        default: Byte(truncatingIfNeeded: generator.next())
        }
    }
}

extension Array {
    /// All but the first element.
    var fromSecond: Span<Element> {
        @_lifetime(borrow self)
        get { span.extracting(1...) }
    }
}

/// A comparison in double precision, and the size of what was summed for it.
func plain(
    _ query: some Collection<Float>,
    _ vector: some Collection<Float>,
    by comparison: Comparison
) -> (value: Double, size: Double) {
    let terms = zip(query, vector).map { query, vector in
        switch comparison {
        case .innerProduct: Double(query) * Double(vector)
        case .squaredDistance: (Double(query) - Double(vector)) * (Double(query) - Double(vector))
        }
    }
    return (terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) })
}

/// How far a sum of `count` terms of single precision may be off, in any order: each of its terms
/// takes part in less than `count` roundings of 2^-24, and in three of its own.
func tolerance(_ count: Int, size: Double) -> Double {
    Double(count + 3) * 0x1p-24 * size
}
