/// Which rows a search may return.
package struct RowFilter: Sendable {
    /// The row of the query's own item, which is never returned.
    package var excluded: Int?
    /// The only rows that may be returned; nil for all.
    package private(set) var allowed: RowSet?

    package init(excluding excluded: Int? = nil) {
        self.excluded = excluded
    }

    /// Only rows of `allowed` may be returned, if it is given, and none of `denied`.
    package init(allowed: RowSet?, denied: RowSet?, excluding excluded: Int? = nil) {
        self.excluded = excluded
        guard let denied else {
            self.allowed = allowed
            return
        }
        var rest = allowed ?? RowSet(allOf: denied.capacity)
        rest.subtract(denied)
        self.allowed = rest
    }

    /// Whether every row may be returned, but for the excluded one.
    package var allowsAll: Bool { allowed == nil }

    package func allows(_ row: Int) -> Bool {
        row != excluded && allowed?.contains(row) ?? true
    }

    /// How many of `count` rows may be returned.
    package func count(of count: Int) -> Int {
        let isExcluded = excluded.map { 0..<count ~= $0 && allowed?.contains($0) ?? true } ?? false
        return (allowed?.count ?? count) - (isExcluded ? 1 : 0)
    }
}

/// A set of rows of a generation: one bit for each row that there is.
package struct RowSet: Sendable, Equatable {
    /// How many rows there are.
    package let capacity: Int
    package private(set) var count = 0
    private var words: [UInt64]

    /// An empty set of rows of 0..<capacity.
    package init(capacity: Int) {
        self.capacity = capacity
        words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    package init(allOf capacity: Int) {
        self.init(capacity: capacity)
        count = capacity
        for word in words.indices {
            let rest = capacity - 64 * word
            words[word] = rest >= 64 ? .max : (1 << UInt64(rest)) - 1
        }
    }

    package mutating func insert(_ row: Int) {
        precondition(0..<capacity ~= row, "a row must lie in the generation")
        guard !contains(row) else { return }
        words[row / 64] |= 1 << UInt64(row % 64)
        count += 1
    }

    package func contains(_ row: Int) -> Bool {
        0..<capacity ~= row && words[row / 64] & 1 << UInt64(row % 64) != 0
    }

    package mutating func subtract(_ other: RowSet) {
        precondition(other.capacity == capacity, "both sets are of rows of one generation")
        for word in words.indices {
            words[word] &= ~other.words[word]
        }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// The rows, ascending.
    package func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
