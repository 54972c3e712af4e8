import Vectors

/// The random numbers of one course of walks, each found by its place in the course.
///
/// A walk owns a range of places, so that walks may take their steps in any order, or many at
/// once, and still draw the numbers that are theirs. A number costs one multiplication.
///
/// Source: wyrand (W. Yi, "wyhash", 2019, public domain): a counter with a fixed increment, mixed
/// by a full product with itself. It passes the test suites PractRand and BigCrush.
struct WalkRandom: Sendable {
    /// The counter; each next number takes one more ``increment``.
    var state: UInt64

    private static let increment: UInt64 = 0xA076_1D64_78BD_642F
    private static let mixer: UInt64 = 0xE703_7ED1_A0B4_28DB

    @inline(__always)
    init(state: UInt64) {
        self.state = state
    }

    /// The course of `stream` (an item, or a walk), one of many that belong to `seed`.
    init(seed: UInt64, stream: Int) {
        var generator = SeededGenerator(seed: seed, stream: UInt64(stream))
        state = generator.next()
    }

    /// The same course from `places` numbers on.
    @inline(__always)
    func advanced(by places: Int) -> WalkRandom {
        WalkRandom(state: state &+ UInt64(truncatingIfNeeded: places) &* Self.increment)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= Self.increment
        let product = state.multipliedFullWidth(by: state ^ Self.mixer)
        return product.high ^ product.low
    }
}
