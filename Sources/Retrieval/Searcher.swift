import Faiss
import Indexes
import Vectors

/// An index and the vectors that it was built from: what a search needs, without names.
struct Searcher: Sendable {
    /// How rows that may be near are found.
    enum Index: Sendable {
        case flat
        case ivf(InvertedLists)
        case lsh(TokenTables)
        case lshscan(FaissIndex)
        case hnsw(LinkedRows)
    }

    /// No search returns more candidates.
    static let maximumK = 10_000
    /// Of so few rows that may be returned all are compared, which is quicker than to look for the
    /// nearest lists, and exact.
    private static let fewRows = 4_096

    let index: Index
    let vectors: StoredVectors
    let pool = ScratchPool()

    init(index: Index, vectors: StoredVectors) {
        self.index = index
        self.vectors = vectors
    }

    var kind: IndexKind {
        switch index {
        case .flat: .flat
        case .ivf: .ivf
        case .lsh: .lsh
        case .lshscan: .lshscan
        case .hnsw: .hnsw
        }
    }

    /// The candidates nearest to `query`: as many as wanted, or as there are.
    func search(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        setting: SearchSetting
    ) throws(RetrievalError) -> SearchResult {
        guard setting.kind == kind, setting.isPossible else {
            throw RetrievalError(
                .invalid,
                "the search setting \(setting) does not fit an index of kind \(kind.rawValue)"
            )
        }
        let prepared = try prepare(query, k: terms.k)
        let allowed = terms.filter.count(of: vectors.count)
        let wanted = min(terms.k, allowed)
        guard wanted > 0 else { return SearchResult(candidates: [], isComplete: true) }
        if !terms.filter.allowsAll, allowed <= Self.fewRows {
            return exact(prepared.span, terms)
        }
        switch (index, setting) {
        case (.ivf(let lists), .probes(let probes, let rerank)):
            return search(lists, prepared.span, terms, wanted, probes, rerank)
        case (.lsh(let tables), .tokens(let tokens, let rerank)):
            return search(tables, prepared.span, terms, wanted, tokens, rerank)
        case (.lshscan(let codes), .rerank(let depth)):
            return try search(codes, prepared.span, terms, wanted, depth: depth)
        case (.hnsw(let links), .breadth(let breadth)):
            return search(links, prepared.span, terms, wanted, breadth)
        default:
            return exact(prepared.span, terms)
        }
    }

    private func search(
        _ lists: InvertedLists,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ probes: Int,
        _ rerank: Int
    ) -> SearchResult {
        var scratch = pool.take()
        defer { pool.give(scratch) }
        // One more, for the excluded row may be among the first.
        let room = terms.filter.excluded == nil ? 0 : 1
        let isComplete = lists.search(
            query,
            ListSearch(
                probes: probes,
                depth: max(min(rerank, vectors.count), wanted) + room,
                wanted: wanted + room,
                filter: terms.filter
            ),
            scratch: &scratch,
            isOver: { terms.isOver }
        )
        let candidates = vectors.best(wanted, for: query, terms.filter.excluded, &scratch)
        return SearchResult(candidates: terms.cut(candidates), isComplete: isComplete)
    }

    /// Reranks more codes as long as those hold too few rows that may be returned.
    private func search(
        _ codes: FaissIndex,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        depth: Int
    ) throws(RetrievalError) -> SearchResult {
        let room = terms.filter.excluded == nil ? 0 : 1
        var scratch = pool.take()
        defer { pool.give(scratch) }
        var depth = min(max(depth, wanted) + room, vectors.count)
        while true {
            let found = try reportingFaiss { () throws(FaissError) in
                try codes.search(query, k: depth, probes: 1)
            }
            scratch.rows = found.map(\.row).filter { terms.filter.allows($0) }.map(UInt32.init)
            let candidates = vectors.best(wanted, for: query, terms.filter.excluded, &scratch)
            if candidates.count == wanted || depth == vectors.count {
                return SearchResult(candidates: terms.cut(candidates), isComplete: true)
            }
            depth = min(2 * depth, vectors.count)
        }
    }
}

// MARK: - Exact search and the check of queries

extension Searcher {
    /// The candidates nearest to `query` by a plain scan of the vectors.
    func exact(
        _ query: Span<Float>,
        checking terms: SearchTerms
    ) throws(RetrievalError) -> SearchResult {
        let prepared = try prepare(query, k: terms.k)  // named, or the compiler breaks down
        return exact(prepared.span, terms)
    }

    func exact(_ prepared: Span<Float>, _ terms: SearchTerms) -> SearchResult {
        let (candidates, isComplete) = vectors.nearest(
            prepared,
            k: min(terms.k, vectors.count),
            filter: terms.filter,
            isOver: { terms.isOver }
        )
        return SearchResult(candidates: terms.cut(candidates), isComplete: isComplete)
    }

    /// The query as the metric wants it: of length one for cosine.
    ///
    /// - Throws: ``RetrievalError`` with code `invalid` where the query or `k` cannot be right.
    private func prepare(_ query: Span<Float>, k: Int) throws(RetrievalError) -> [Float] {
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

extension SearchTerms {
    /// Those of `candidates`, which are in order, that are near enough.
    func cut(_ candidates: [Candidate]) -> [Candidate] {
        guard let minimumScore else { return candidates }
        return Array(candidates.prefix { $0.score >= minimumScore })
    }
}

extension StoredVectors {
    /// The best `k` of `scratch.rows` but `excluded`, by their vectors.
    func best(
        _ k: Int,
        for query: Span<Float>,
        _ excluded: Int?,
        _ scratch: inout SearchScratch
    ) -> [Candidate] {
        let rows = scratch.rows
        scratch.scores.resize(to: rows.count, with: 0)
        var scores = scratch.scores.mutableSpan
        score(query, rows: rows.span, into: &scores)
        var best = TopK(k)
        for place in rows.indices where Int(rows[place]) != excluded {
            best.insert(Candidate(row: Int(rows[place]), score: scores[place]))
        }
        return best.sorted
    }
}
