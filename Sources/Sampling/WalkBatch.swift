/// Walks that hop together, in memory that is used again for the next ones.
struct WalkBatch {
    /// Walks under way at once, at most.
    ///
    /// A hundred are more than the reads that a processor keeps in flight. With thousands each loop
    /// of a hop stays longer with one array, so that more of its lines and pages are found in the
    /// caches (8192 against 512: 6 % more hops); their own memory, 20 bytes each, must stay there.
    static let size = 8192

    private(set) var places = [UInt32](repeating: 0, count: size)
    private var randoms = [WalkRandom](repeating: WalkRandom(state: 0), count: size)
    private var positions = [Int](repeating: 0, count: size)
    /// The walks under way are the first `count`.
    private(set) var count = 0

    /// Begins `count` walks, at most ``size``; `start` tells where, and with which numbers.
    @inline(__always)
    mutating func begin(_ count: Int, at start: (Int) -> (place: UInt32, random: WalkRandom)) {
        precondition(count <= Self.size, "a batch has \(Self.size) walks at most")
        self.count = count
        for walk in 0..<count {
            (places[walk], randoms[walk]) = start(walk)
        }
    }

    /// Moves every walk by one hop.
    mutating func move(by hop: borrowing Hop) {
        hop.move(&places, &randoms, &positions, count: count)
    }

    /// Ends each walk with the chance of `restart` / 2^53; the order of the others stays.
    mutating func end(withChance restart: UInt64) {
        var left = 0
        for walk in 0..<count {
            let draw = randoms[walk].next() >> 11
            places[left] = places[walk]
            randoms[left] = randoms[walk]
            left += draw < restart ? 0 : 1
        }
        count = left
    }
}
