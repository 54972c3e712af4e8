/// What a search of inverted lists, or of tables of tokens, is asked for.
package struct ProbedSearch: Sendable {
    /// How many of the nearest lists are visited, or of the likeliest tokens looked up, in all
    /// tables together; more where those hold too few rows.
    package var probes: Int
    /// How many rows are kept: those with the nearest codes, or with most tokens in common.
    package var depth: Int
    /// How many rows should be found, wherever there are so many.
    package var wanted: Int
    package var filter: RowFilter

    package init(probes: Int, depth: Int, wanted: Int, filter: RowFilter) {
        self.probes = probes
        self.depth = depth
        self.wanted = wanted
        self.filter = filter
    }
}

/// The work of a search, in slices of a few microseconds: between two of them it looks at the
/// clock.
struct WorkSlices {
    /// How much work a slice is.
    let size: Int
    private var left: Int

    init(of size: Int) {
        self.size = size
        left = size
    }

    /// Whether the search has to end before it does `work` more, by `isOver`, which is asked only
    /// where a slice has been done.
    mutating func isOver(before work: Int, _ isOver: () -> Bool) -> Bool {
        if left <= 0 {
            guard !isOver() else { return true }
            left = size
        }
        left -= work
        return false
    }
}
