import Faiss
import Vectors

/// An index and the vectors that it was built from: what a search needs, without names.
struct Searcher: Sendable {
    /// No search returns more candidates.
    static let maximumK = 10_000

    let kind: IndexKind
    let index: FaissIndex
    let vectors: MappedVectors

    /// The candidates nearest to `query`, best first: `k` of them, or as many as there are.
    func search(
        _ query: Span<Float>,
        k: Int,
        setting: SearchSetting,
        excluding excluded: Int?
    ) throws(RetrievalError) -> [Candidate] {
        guard setting.kind == kind else {
            throw RetrievalError(
                .invalid,
                "the search setting \(setting) does not fit an index of kind \(kind.rawValue)"
            )
        }
        let prepared = try prepare(query, k: k)
        // One more, for the excluded row may be among the first.
        let room = excluded.map { 0..<vectors.count ~= $0 } == true ? 1 : 0
        let others = vectors.count - room
        let wanted = min(k, others)
        guard wanted > 0 else { return [] }
        switch setting {
        case .exhaustive:
            let found = try stage(prepared.span, k: wanted + room, probes: 1)
            return best(of: found, wanted, excluding: excluded)
        case .probes(let probes):
            guard probes >= 1 else {
                throw RetrievalError(.invalid, "a search probes at least 1 list, not \(probes)")
            }
            return try searchLists(
                prepared.span,
                wanted: wanted,
                room: room,
                probes: probes,
                excluding: excluded
            )
        case .rerank(let depth):
            guard depth >= 1 else {
                throw RetrievalError(.invalid, "a search reranks at least 1 item, not \(depth)")
            }
            let codes = min(max(depth, wanted), others) + room
            let found = try stage(prepared.span, k: codes, probes: 1)
            let rows = found.lazy.map(\.row).filter { $0 != excluded }
            return vectors.best(wanted, of: rows, for: prepared.span)
        }
    }

    /// Visits more lists as long as the visited ones hold too few vectors.
    private func searchLists(
        _ query: Span<Float>,
        wanted: Int,
        room: Int,
        probes: Int,
        excluding excluded: Int?
    ) throws(RetrievalError) -> [Candidate] {
        guard case .ivf(let lists) = index.structure else { return [] }
        var probes = min(probes, lists)
        while true {
            let found = try stage(query, k: wanted + room, probes: probes)
            let candidates = best(of: found, wanted, excluding: excluded)
            if candidates.count == wanted || probes == lists {
                return candidates
            }
            probes = min(2 * probes, lists)
        }
    }

    private func stage(
        _ query: Span<Float>,
        k: Int,
        probes: Int
    ) throws(RetrievalError) -> [Candidate] {
        do {
            return try index.search(query, k: k, probes: probes)
        } catch {
            throw RetrievalError(error)
        }
    }

    /// The first `k` of candidates with exact scores, and equal scores in the order of rows.
    private func best(of found: [Candidate], _ k: Int, excluding excluded: Int?) -> [Candidate] {
        Array(found.filter { $0.row != excluded }.sorted { $0.precedes($1) }.prefix(k))
    }
}

// MARK: - Exact search and the check of queries

extension Searcher {
    /// The candidates nearest to `query` by a plain scan of the vectors, best first.
    func exact(
        _ query: Span<Float>,
        k: Int,
        excluding excluded: Int?
    ) throws(RetrievalError) -> [Candidate] {
        let prepared = try prepare(query, k: k)
        return vectors.nearest(prepared.span, k: min(k, vectors.count), excluding: excluded)
    }

    /// The query as the metric wants it: of length one for cosine.
    ///
    /// - Throws: ``RetrievalError`` with code `invalid` where the query or `k` cannot be right.
    func prepare(_ query: Span<Float>, k: Int) throws(RetrievalError) -> [Float] {
        guard (1...Self.maximumK).contains(k) else {
            throw RetrievalError(.invalid, "k must be 1 to \(Self.maximumK), not \(k)")
        }
        guard query.count == vectors.dimension else {
            throw RetrievalError(
                .invalid,
                "the query has \(query.count) dimensions, the generation \(vectors.dimension)"
            )
        }
        // Finite only if every component is; and then no score of the query can be NaN, because
        // of Cauchy and Schwarz.
        let squares = innerProduct(query, query)
        guard squares.isFinite else {
            throw RetrievalError(
                .invalid,
                "the query's length is not finite; a component is NaN, infinite or too large"
            )
        }
        guard vectors.metric == .cosine else { return query.elements }
        var matrix = Matrix(rows: 1, columns: query.count, elements: query.elements)
        guard squares > 0 else {
            throw RetrievalError(.invalid, "a query of zeros has no direction, so no cosine")
        }
        matrix.normaliseRows()
        return matrix.elements
    }
}
