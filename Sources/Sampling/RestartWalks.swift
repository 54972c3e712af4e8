import Graph

/// Walks from one item that restart by chance, and the count of their visits; one of these serves
/// a thread for many items.
struct RestartWalks {
    private let walker: Walker
    private let length: Int
    /// The chance of a restart, in 2^-53.
    private let restart: UInt64
    private var batch = WalkBatch()
    /// All visits since they were last taken.
    var visits: VisitCounter

    /// Ready for up to `walks` walks from one item.
    init(with walker: Walker, walks: Int, length: Int, restart: Float) {
        self.walker = walker
        self.length = length
        self.restart = UInt64(Double(restart) * 0x1p53)
        visits = VisitCounter(visits: walks * length, itemCount: walker.graph.itemCount)
    }

    /// Takes `count` walks from `item`, which must have an edge, by the numbers of `random`.
    ///
    /// A walk owns three numbers for each step, for the two hops and the restart, so that neither
    /// the size of a batch nor the other walks' lengths can change where it goes.
    mutating func run(_ count: Int, from item: Int, _ random: WalkRandom) {
        let (walker, length) = (walker, length)  // hops borrow the walker
        let toContexts = walker.toContexts
        let toItems = walker.toItems
        for first in stride(from: 0, to: count, by: WalkBatch.size) {
            batch.begin(min(WalkBatch.size, count - first)) { walk in
                (UInt32(item), random.advanced(by: (first + walk) * 3 * length))
            }
            for step in 0..<length where batch.count > 0 {
                batch.move(by: toContexts)
                batch.move(by: toItems)
                visits.count(batch.places[..<batch.count])
                if step + 1 < length {
                    batch.end(withChance: restart)
                }
            }
        }
    }
}
