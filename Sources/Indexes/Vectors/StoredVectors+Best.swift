import Vectors

extension StoredVectors {
    /// How many rows are scored at a time, and between two looks at the clock: their scores stay in
    /// the first cache, and it takes some tenths of a millisecond where none of them is in a cache.
    private static let slice = 1_024

    // Arrays of a scratch that are given a name here are not copied, as long as the name is gone
    // before they change.

    /// Leaves in `scratch.best` the `k` nearest to `query` among the rows that `filter` allows.
    ///
    /// False where `isOver` ended the search before.
    ///
    /// - Complexity: O(count * dimension), or as many rows as are allowed.
    package func findNearest(
        _ query: Span<Float>,
        k: Int,
        filter: RowFilter = RowFilter(),
        scratch: inout SearchScratch,
        isOver: () -> Bool = { false }
    ) -> Bool {
        if let allowed = filter.allowed, allowed.count < count / 4 {
            scratch.rows.removeAll(keepingCapacity: true)
            allowed.forEach { scratch.rows.append(UInt32($0)) }
            return rerank(
                query,
                k: k,
                excluding: filter.excluded,
                scratch: &scratch,
                isOver: isOver
            )
        }
        scratch.best.begin(k)
        for start in stride(from: 0, to: count, by: Self.slice) {
            guard !isOver() else { return false }
            let rows = start..<min(start + Self.slice, count)
            scratch.scores.resize(to: rows.count, with: 0)
            var span = scratch.scores.mutableSpan
            score(query, rows: rows, into: &span)
            let scores = scratch.scores
            for row in rows
            where !(scores[row - start] < scratch.best.threshold) && filter.allows(row) {
                scratch.best.insert(Candidate(row: row, score: scores[row - start]))
            }
        }
        return true
    }

    /// Leaves in `scratch.best` the best `k` of `scratch.rows` but the excluded one.
    ///
    /// Not of all of them, and false, where time runs out, but of the first slice in any case.
    package func rerank(
        _ query: Span<Float>,
        k: Int,
        excluding excluded: Int?,
        scratch: inout SearchScratch,
        isOver: () -> Bool = { false }
    ) -> Bool {
        let rows = scratch.rows
        scratch.best.begin(k)
        for start in stride(from: 0, to: rows.count, by: Self.slice) {
            if start > 0, isOver() { return false }
            let places = start..<min(start + Self.slice, rows.count)
            scratch.scores.resize(to: places.count, with: 0)
            var span = scratch.scores.mutableSpan
            score(query, rows: rows.span.extracting(places), into: &span)
            let scores = scratch.scores
            for place in places
            where !(scores[place - start] < scratch.best.threshold) && Int(rows[place]) != excluded
            {
                let score = scores[place - start]
                scratch.best.insert(Candidate(row: Int(rows[place]), score: score))
            }
        }
        return true
    }
}
