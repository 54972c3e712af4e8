import Files
import Vectors

/// What a walk over links is asked for.
package struct LinkSearch: Sendable {
    /// How many of the best rows so far are gone on from.
    package var breadth: Int
    /// How many rows should be found; the walk begins anew with twice the breadth where it found
    /// too few.
    package var wanted: Int
    package var filter: RowFilter

    package init(breadth: Int, wanted: Int, filter: RowFilter) {
        self.breadth = breadth
        self.wanted = wanted
        self.filter = filter
    }
}

extension LinkedRows {
    /// Beyond this share of all rows a walk, which reads them in no order, takes longer than to
    /// compare all of them.
    private static let worthwhile = 16

    /// Puts into `scratch.rows` the allowed rows that a walk towards `query` (dimension) ends at,
    /// by their `vectors`.
    ///
    /// False where `isOver` ended the walk before. Where it finds fewer than are wanted, to compare
    /// all vectors is less work than a broader walk.
    package func search(
        _ query: Span<Float>,
        _ search: LinkSearch,
        in vectors: StoredVectors,
        scratch: inout SearchScratch,
        isOver: () -> Bool = { false }
    ) -> Bool {
        precondition(vectors.count == count, "the vectors must be those that were linked")
        var breadth = max(search.breadth, search.wanted)
        while true {
            let isComplete = walk(query, breadth, vectors, &scratch, isOver)
            scratch.rows.removeAll(keepingCapacity: true)
            for place in 0..<scratch.beam.count {
                let row = scratch.beam.row(place)
                if search.filter.allowed?.contains(Int(row)) ?? true {
                    scratch.rows.append(row)
                }
            }
            breadth *= 2
            if !isComplete || scratch.rows.count >= search.wanted
                || breadth > count / Self.worthwhile
            {
                return isComplete
            }
        }
    }

    /// Fills `scratch.beam`, from the entry down and then over the lowest level.
    private func walk(
        _ query: Span<Float>,
        _ breadth: Int,
        _ vectors: StoredVectors,
        _ scratch: inout SearchScratch,
        _ isOver: () -> Bool
    ) -> Bool {
        scratch.visited.begin(count: count)
        scratch.beam.begin(breadth: breadth)
        let start = descend(query, vectors, &scratch)
        _ = scratch.visited.insert(start.row)
        scratch.beam.insert(row: UInt32(start.row), score: start.score)
        while let row = scratch.beam.next() {
            guard !isOver() else { return false }
            let first = Int(row) * 2 * degree
            collect(lower.span.extracting(first..<first + 2 * degree), &scratch, onlyNew: true)
            score(query, vectors, &scratch)
            for place in scratch.rows.indices {
                scratch.beam.insert(row: scratch.rows[place], score: scratch.scores[place])
            }
        }
        return true
    }

    /// Goes to the best neighbour, as long as there is a better one, on each upper level.
    private func descend(
        _ query: Span<Float>,
        _ vectors: StoredVectors,
        _ scratch: inout SearchScratch
    ) -> (row: Int, score: Float) {
        var best = (row: entry, score: vectors.score(query, row: entry))
        for level in (0..<upperLevels(entry)).reversed() {
            var isBetter = true
            while isBetter {
                isBetter = false
                let first = (Int(bounds[best.row]) + level) * degree
                collect(upper.span.extracting(first..<first + degree), &scratch, onlyNew: false)
                score(query, vectors, &scratch)
                for place in scratch.rows.indices where scratch.scores[place] > best.score {
                    best = (Int(scratch.rows[place]), scratch.scores[place])
                    isBetter = true
                }
            }
        }
        return best
    }

    /// Sets `scratch.rows` to the rows of `links`.
    private func collect(_ links: Span<UInt32>, _ scratch: inout SearchScratch, onlyNew: Bool) {
        scratch.rows.removeAll(keepingCapacity: true)
        for place in links.indices where links[place] != Self.noRow {
            if !onlyNew || scratch.visited.insert(Int(links[place])) {
                scratch.rows.append(links[place])
            }
        }
    }

    /// Sets `scratch.scores` to the scores of `scratch.rows`.
    private func score(
        _ query: Span<Float>,
        _ vectors: StoredVectors,
        _ scratch: inout SearchScratch
    ) {
        let rows = scratch.rows
        scratch.scores.resize(to: rows.count, with: 0)
        var scores = scratch.scores.mutableSpan
        vectors.score(query, rows: rows.span, into: &scores)
    }
}
