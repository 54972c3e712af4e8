import RealModule

/// A fast random number generator whose whole course follows from its seed: xoshiro256**.
///
/// Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS
/// 2021; seeded by splitmix64 as its authors advise. Not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The generator of `seed`; each `stream` of a seed is a course of its own.
    package init(seed: UInt64, stream: UInt64 = 0) {
        var counter = seed &+ stream &* 0xD134_2543_DE82_EF95
        func splitmix() -> UInt64 {
            counter &+= 0x9E37_79B9_7F4A_7C15
            var mixed = counter
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
        state = (splitmix(), splitmix(), splitmix(), splitmix())
    }

    @inline(__always)
    package mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }

    /// A number below `bound` by multiplication; its bias is below `bound` / 2^32.
    @inline(__always)
    package mutating func index(below bound: Int) -> Int {
        Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(truncatingIfNeeded: bound)) >> 32)
    }

    /// A number in 0..<1 of 24 random bits.
    @inline(__always)
    package mutating func unit() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// A number of the standard normal distribution (Box and Muller 1958).
    package mutating func normal() -> Float {
        let radius = (-2 * Double.log(Double(1 - unit()))).squareRoot()
        return Float(radius * Double.cos(2 * .pi * Double(unit())))
    }

    package static func == (a: SeededGenerator, b: SeededGenerator) -> Bool {
        a.state == b.state
    }

    @inline(__always)
    private func rotate(_ bits: UInt64, by count: UInt64) -> UInt64 {
        bits << count | bits >> (64 - count)
    }
}
