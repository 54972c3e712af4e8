import CFaiss
package import Vectors

/// Which rows of a matrix are linked to which: a hierarchical navigable small world, by Faiss.
///
/// Source: Malkov and Yashunin, PAMI 2018.
package struct RowLinks: Sendable, Equatable {
    /// Links of a row on each upper level; it has twice as many on the lowest.
    package let degree: Int
    /// The levels of each row, at least 1 (rows).
    package let levels: [Int32]
    /// Row after row and level after level, the lowest first; -1 where there is no further link.
    package let neighbours: [Int32]
    /// The row where searches begin.
    package let entry: Int

    /// Links the rows of `vectors`, whose seed decides the levels.
    ///
    /// Runs on one thread alone, so that one seed makes one graph.
    ///
    /// - Throws: ``FaissError`` with code `argument` where there are no vectors, or a value is not
    ///   finite, or `degree` is not in 2...256.
    package init(
        of vectors: Matrix,
        metric: Metric,
        degree: Int,
        breadth: Int,
        seed: UInt64
    ) throws(FaissError) {
        var error = CFaissError()
        let links = unsafe CFaiss_link(
            Int64(vectors.columns),
            Int64(vectors.rows),
            vectors.elements,
            metric == .l2 ? .L2 : .innerProduct,
            Int32(clamping: degree),
            Int32(clamping: breadth),
            Int32(truncatingIfNeeded: seed & UInt64(Int32.max)),
            &error
        )
        guard let links = unsafe links else { throw FaissError(error) }
        defer { unsafe CFaiss_free_links(links) }
        let view = unsafe CFaiss_link_view(links)
        self.degree = degree
        levels = unsafe Array(UnsafeBufferPointer(start: view.levels, count: vectors.rows))
        neighbours = unsafe Array(
            UnsafeBufferPointer(start: view.neighbours, count: Int(view.neighbour_count))
        )
        entry = unsafe Int(view.entry)
    }
}
