/// The best rows that a walk has come to, the best first, and which of them it has gone on from.
///
/// One array in order serves as both of the queues of HNSW's search: what falls off its end is
/// too far to be gone on from, too.
struct Beam: Sendable {
    private struct Entry {
        var score: Float
        var row: UInt32
        var isDone: Bool
    }

    private var entries: [Entry] = []
    private var breadth = 0
    /// All entries before this place are done.
    private var firstOpen = 0

    /// Forgets everything, to keep the best `breadth` rows from now on.
    mutating func begin(breadth: Int) {
        self.breadth = breadth
        firstOpen = 0
        entries.removeAll(keepingCapacity: true)
    }

    var count: Int { entries.count }

    /// The row at `place`, the best of all at 0.
    func row(_ place: Int) -> UInt32 { entries[place].row }

    /// Takes in a row that was not there before, if it is good enough.
    mutating func insert(row: UInt32, score: Float) {
        if entries.count == breadth {
            guard let worst = entries.last, score > worst.score else { return }
            entries.removeLast()
        }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].score < score {
                high = middle
            } else {
                low = middle + 1
            }
        }
        entries.insert(Entry(score: score, row: row, isDone: false), at: low)
        firstOpen = min(firstOpen, low)
    }

    /// The best row that was not gone on from yet.
    mutating func next() -> UInt32? {
        while firstOpen < entries.count, entries[firstOpen].isDone { firstOpen += 1 }
        guard firstOpen < entries.count else { return nil }
        entries[firstOpen].isDone = true
        return entries[firstOpen].row
    }
}

/// The rows that a search has come to, told from those of former searches by a stamp.
struct VisitedRows: Sendable {
    private var stamps: [UInt8] = []
    private var stamp: UInt8 = 0

    /// Forgets all rows, which are below `count`.
    mutating func begin(count: Int) {
        if stamp == .max || stamps.count != count {
            stamps.removeAll(keepingCapacity: true)
            stamps.resize(to: count, with: 0)
            stamp = 0
        }
        stamp += 1
    }

    /// Whether `row` is new.
    mutating func insert(_ row: Int) -> Bool {
        guard stamps[row] != stamp else { return false }
        stamps[row] = stamp
        return true
    }
}
