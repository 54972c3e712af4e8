import Vectors

/// The ids and vectors of a generation, checked and in the generation's order.
struct Catalogue {
    /// Unique, ascending by their UTF-8 bytes.
    let ids: [String]
    /// (count, dimension); of length one where the metric is cosine, except that zeros stay zeros.
    let vectors: Matrix
    let metric: Metric

    init(ids: [String], vectors: Matrix, metric: Metric) throws(RetrievalError) {
        guard ids.count == vectors.rows else {
            throw RetrievalError(
                .invalid,
                "\(ids.count) ids cannot name \(vectors.rows) vectors"
            )
        }
        guard !ids.isEmpty, vectors.columns > 0 else {
            throw RetrievalError(
                .invalid,
                "a generation needs vectors; \(vectors.rows) of \(vectors.columns) dimensions "
                    + "are none"
            )
        }
        for row in 0..<vectors.rows where !vectors.hasFiniteLength(row) {
            throw RetrievalError(
                .invalid,
                "the vector of \(ids[row]) has no finite length; a component is NaN, infinite or "
                    + "too large"
            )
        }
        let order = ids.indices.sorted { ids[$0].utf8.lexicographicallyPrecedes(ids[$1].utf8) }
        self.ids = order.map { ids[$0] }
        for row in 1..<max(1, order.count) where self.ids[row - 1].hasSameBytes(as: self.ids[row]) {
            throw RetrievalError(.invalid, "the id \(self.ids[row]) is not unique")
        }
        var ordered = vectors.gather(order)
        if metric == .cosine {
            ordered.normaliseRows()
        }
        self.vectors = ordered
        self.metric = metric
    }
}

extension String {
    /// Unlike ==, which takes differently composed letters for equal.
    fileprivate func hasSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension Matrix {
    fileprivate func hasFiniteLength(_ row: Int) -> Bool {
        let vector = elements.span.extracting(range(ofRow: row))
        return innerProduct(vector, vector).isFinite
    }
}
