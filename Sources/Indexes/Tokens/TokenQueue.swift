/// The tokens that rows near a query may have, the likeliest first: in each table the query's own,
/// and then those with some of its bits flipped.
///
/// The less a vector's distance from a hyperplane, the likelier a near one is on the other side;
/// a flip costs its square, which is how its likelihood falls (Q. Lv and others, "Multi-Probe
/// LSH", VLDB 2007). All tables share one order, and every set of flips comes up once: from the
/// set whose dearest flip is the i-th cheapest come that with the (i + 1)-th added, and that with
/// the (i + 1)-th in its place.
struct TokenQueue: Sendable {
    private struct Entry {
        var cost: Float
        var table: Int32
        /// Which place in the order of costs the dearest flip has; -1 where there is none.
        var last: Int32
        var token: UInt32
    }

    private var bits = 0
    /// A heap with the least cost at the root.
    private var heap: [Entry] = []
    /// The bits of each table, the cheapest to flip first (tables, bits), and what a flip costs.
    private var order: [UInt32] = []
    private var costs: [Float] = []

    /// Starts with the query's own tokens, by its `projections` (tables * bits).
    mutating func begin(_ projections: Span<Float>, bits: Int) {
        self.bits = bits
        heap.removeAll(keepingCapacity: true)
        order.resize(to: projections.count, with: 0)
        costs.resize(to: projections.count, with: 0)
        for table in 0..<projections.count / bits {
            sort(projections, table)
            heap.append(
                Entry(
                    cost: 0,
                    table: Int32(table),
                    last: -1,
                    token: Indexes.token(projections, table: table, bits: bits)
                )
            )
        }
    }

    /// The next token; nil when there is no other in any table.
    mutating func next() -> (table: Int, token: Int)? {
        guard let entry = heap.first else { return nil }
        let place = Int(entry.table) * bits + Int(entry.last)
        guard Int(entry.last) + 1 < bits else {
            removeFirst()
            return (Int(entry.table), Int(entry.token))
        }
        var added = entry
        added.last += 1
        added.cost += costs[place + 1]
        added.token ^= order[place + 1]
        replaceFirst(with: added)
        if entry.last >= 0 {
            var moved = added
            moved.cost -= costs[place]
            moved.token ^= order[place]
            insert(moved)
        }
        return (Int(entry.table), Int(entry.token))
    }

    /// Brings the bits of `table` into the order of their costs, by insertion.
    private mutating func sort(_ projections: Span<Float>, _ table: Int) {
        let first = table * bits
        for bit in 0..<bits {
            let cost = projections[first + bit] * projections[first + bit]
            var place = first + bit
            while place > first, costs[place - 1] > cost {
                costs[place] = costs[place - 1]
                order[place] = order[place - 1]
                place -= 1
            }
            costs[place] = cost
            order[place] = 1 << UInt32(bit)
        }
    }
}

// MARK: - Heap

extension TokenQueue {
    private mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, entry.cost < heap[(child - 1) / 2].cost {
            heap[child] = heap[(child - 1) / 2]
            child = (child - 1) / 2
        }
        heap[child] = entry
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        if !heap.isEmpty {
            replaceFirst(with: last)
        }
    }

    private mutating func replaceFirst(with entry: Entry) {
        var parent = 0
        while true {
            var least = 2 * parent + 1
            guard least < heap.count else { break }
            if least + 1 < heap.count, heap[least + 1].cost < heap[least].cost {
                least += 1
            }
            guard heap[least].cost < entry.cost else { break }
            heap[parent] = heap[least]
            parent = least
        }
        heap[parent] = entry
    }
}
