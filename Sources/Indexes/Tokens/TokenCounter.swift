/// Counts how many tokens each row shares with a query.
///
/// Between two searches all counts are zero; only those that a search touched are cleared after
/// it.
struct TokenCounter: Sendable {
    /// (count).
    private var counts: [UInt8] = []
    /// The rows counted so far, in the order of their first token; as long as there may be, and one
    /// more, for a row is written down before it is known to be new.
    private var touched: [UInt32] = []
    private(set) var touchedCount = 0
    /// How many of the touched rows have each count.
    private var histogram: [Int] = []

    /// Makes room for rows below `count`.
    mutating func begin(count: Int) {
        counts.resize(to: count, with: 0)
        touched.resize(to: count + 1, with: 0)
        histogram.resize(to: 256, with: 0)
    }

    /// Counts one more token for each of `rows`.
    mutating func add(_ rows: Span<UInt32>) {
        touchedCount = Indexes.count(rows, &counts, &touched, from: touchedCount)
    }

    /// How many of the touched rows may be returned.
    func count(allowedBy filter: RowFilter) -> Int {
        guard let allowed = filter.allowed else { return touchedCount }
        return (0..<touchedCount).count { allowed.contains(Int(touched[$0])) }
    }

    /// Puts into `rows` up to `wanted` that `filter` allows, by a Weak AND of the query's tokens.
    ///
    /// They share at least the number of tokens that `wanted` rows still share; where more rows do,
    /// those of just that number are taken by their likeliest token. All counts are then zero
    /// again.
    mutating func take(_ wanted: Int, _ filter: RowFilter, into rows: inout [UInt32]) {
        let threshold = threshold(wanted, filter)
        var rest = wanted
        for count in stride(from: 255, to: threshold, by: -1) {
            rest -= histogram[count]
        }
        rows.removeAll(keepingCapacity: true)
        for place in 0..<touchedCount {
            let row = Int(touched[place])
            let count = Int(counts[row])
            counts[row] = 0
            guard count >= threshold else { continue }
            if count == threshold {
                guard rest > 0 else { continue }
                rest -= 1
            }
            rows.append(UInt32(row))
        }
        touchedCount = 0
    }

    /// The greatest number of tokens that `wanted` rows share; 1 where there are fewer rows.
    ///
    /// Rows that may not be returned no longer share any.
    private mutating func threshold(_ wanted: Int, _ filter: RowFilter) -> Int {
        for count in histogram.indices {
            histogram[count] = 0
        }
        for place in 0..<touchedCount {
            let row = Int(touched[place])
            if let allowed = filter.allowed, !allowed.contains(row) {
                counts[row] = 0
            }
            histogram[Int(counts[row])] += 1
        }
        var (threshold, found) = (255, histogram[255])
        while threshold > 1, found < wanted {
            threshold -= 1
            found += histogram[threshold]
        }
        return threshold
    }
}

/// Counts one more token for each of `rows`, and returns the next place in `touched`.
///
/// Rows that are new are written there, from place `next` on.
private func count(
    _ rows: Span<UInt32>,
    _ counts: inout [UInt8],
    _ touched: inout [UInt32],
    from next: Int
) -> Int {
    var counts = counts.mutableSpan
    var touched = touched.mutableSpan
    var next = next
    for place in rows.indices {
        let row = rows[place]
        let count = counts[Int(row)]
        // Without a branch, which no processor could foresee.
        touched[next] = row
        next += count == 0 ? 1 : 0
        counts[Int(row)] = count + 1
    }
    return next
}
