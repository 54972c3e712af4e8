import Files

/// One direction of the graph in compressed sparse rows.
package struct Adjacency: Sendable {
    /// Row r's neighbours are the positions `offsets[r]..<offsets[r + 1]`.
    let offsets: MappedArray<UInt64>
    let neighbours: MappedArray<UInt32>
    /// One weight for each neighbour, or nil where all are 1.
    let weights: MappedArray<Float>?
    /// One time for each neighbour, ``Edge/noTime`` where it is not known; nil where none is.
    let times: MappedArray<Int64>?

    /// All offsets and all neighbours, for loops that check once and then read many.
    package var offsetSpan: Span<UInt64> {
        @_lifetime(borrow self)
        get { offsets.span }
    }

    package var neighbourSpan: Span<UInt32> {
        @_lifetime(borrow self)
        get { neighbours.span }
    }

    package var rowCount: Int { offsets.count - 1 }
    package var neighbourCount: Int { neighbours.count }
    package var isWeighted: Bool { weights != nil }
    /// Whether times are kept; only the contexts' direction keeps them.
    package var isTimed: Bool { times != nil }

    /// Where the neighbours of `row` lie among all neighbours.
    @inline(__always)
    package func positions(of row: Int) -> Range<Int> {
        unsafe Range(uncheckedBounds: (Int(offsets[row]), Int(offsets[row + 1])))
    }

    @inline(__always)
    package func degree(of row: Int) -> Int {
        positions(of: row).count
    }

    /// The neighbour at `position` of the whole direction (see ``positions(of:)``).
    @inline(__always)
    package func neighbour(at position: Int) -> Int {
        Int(neighbours[position])
    }

    @inline(__always)
    package func neighbour(of row: Int, at index: Int) -> Int {
        neighbour(at: positions(of: row).lowerBound + index)
    }

    /// The largest weight of all; 1 where all are, or where there is none.
    package var largestWeight: Float {
        guard let weights, weights.count > 0 else { return 1 }
        let span = weights.span
        return span.indices.reduce(span[0]) { max($0, span[$1]) }
    }

    package func weight(at position: Int) -> Float {
        weights?[position] ?? 1
    }

    package func weight(of row: Int, at index: Int) -> Float {
        weight(at: positions(of: row).lowerBound + index)
    }

    /// When the edge at `position` came to be, where that is known.
    package func time(at position: Int) -> Int64? {
        guard let time = times?[position], time != Edge.noTime else { return nil }
        return time
    }
}
