/// A share of all whole numbers, picked at random by a key, which needs no memory.
///
/// ```swift
/// let share = RandomShare(0.2, key: generator.next())
/// let picked = (0..<count).filter(share.contains)  // about a fifth of them, always the same
/// ```
package struct RandomShare: Sendable, Equatable {
    private let bound: UInt64
    private let key: UInt64

    /// No number at all.
    package static let none = RandomShare(0, key: 0)

    /// `share` lies in 0...1; at 1 all but some 2^-53 of the numbers are picked.
    package init(_ share: Float, key: UInt64) {
        bound = UInt64(Double(share) * 0x1p64.nextDown)
        // Odd, so that a product with it loses no bits.
        self.key = key | 1
    }

    package var isEmpty: Bool { bound == 0 }

    package func contains(_ number: Int) -> Bool {
        guard bound > 0 else { return false }
        var mixed = (UInt64(number) &+ key) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 32) &* key
        return (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9 < bound
    }
}
