import Files

/// A graph of links between near rows, on levels that each hold a part of those below: an index
/// that walks from row to row towards a query.
///
/// It is Malkov and Yashunin's HNSW (PAMI 2018). It holds no vectors: whoever searches it brings them, and they are compared on the way.
package struct LinkedRows: Sendable {
    package let count: Int
    /// Links of a row on each upper level; it has twice as many on the lowest.
    package let degree: Int
    /// The row where searches begin.
    let entry: Int
    /// The rows that each row links to on the lowest level; what is left is ``noRow``
    /// (count, 2 * degree).
    let lower: MappedArray<UInt32>
    /// How many lists of upper levels the rows before each row have, and all (count + 1).
    let bounds: MappedArray<UInt32>
    /// The lists of upper levels, row after row, from the lowest of them (lists, degree).
    let upper: MappedArray<UInt32>

    /// How many levels `row` has above the lowest.
    func upperLevels(_ row: Int) -> Int {
        Int(bounds[row + 1] - bounds[row])
    }
}

extension LinkedRows {
    /// Reads its file, so that no search has to wait for it.
    package func warm() {
        lower.warm()
    }
}
