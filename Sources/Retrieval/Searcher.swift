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

    /// Whether of so many rows that a filter leaves all are compared.
    static func comparesAll(of allowed: Int) -> Bool { allowed <= fewRows }

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
        if let rows = terms.filter.allowed, Self.comparesAll(of: rows.count) {
            return exact(prepared.span, terms)
        }
        switch (index, setting) {
        case (.ivf(let lists), .probes(let probes, let rerank)):
            return search(lists, prepared.span, terms, wanted, probes, rerank)
        case (.lsh(let tables), .tokens(let tokens, let rerank)):
            return search(tables, prepared.span, terms, wanted, tokens, rerank)
        case (.lshscan(let codes), .rerank(let depth)):
            return try search(codes, prepared.span, terms, wanted, allowed, depth: depth)
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
        return finish(query, terms, wanted, isComplete, &scratch)
    }

    /// Reranks the rows that an index has found, or compares all vectors where those are too few.
    func finish(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ isComplete: Bool,
        _ scratch: inout SearchScratch
    ) -> SearchResult {
        let found = scratch.rows.count { Int($0) != terms.filter.excluded }
        if isComplete, found < wanted {
            return exact(query, terms)
        }
        var result = vectors.best(wanted, for: query, terms, &scratch)
        result.isComplete = result.isComplete && isComplete
        return result
    }

    /// Reranks `depth` codes of rows that may be returned, or about as many: Faiss knows of no
    /// filter, so as many more codes are asked for as the filter will take away, and more again as
    /// long as those hold too few.
    private func search(
        _ codes: FaissIndex,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ allowed: Int,
        depth: Int
    ) throws(RetrievalError) -> SearchResult {
        let room = terms.filter.excluded == nil ? 0 : 1
        var scratch = pool.take()
        defer { pool.give(scratch) }
        let reach = Double(min(max(depth, wanted) + room, vectors.count))
        let share = Double(allowed) / Double(vectors.count)
        var depth = min(Int((reach / share).rounded(.up)), vectors.count)
        while true {
            let found = try reportingFaiss { () throws(FaissError) in
                try codes.search(query, k: depth, probes: 1)
            }
            scratch.rows = found.map(\.row).filter { terms.filter.allows($0) }.map(UInt32.init)
            let isEnough = scratch.rows.count >= wanted || depth == vectors.count
            guard isEnough || terms.isOver else {
                depth = min(2 * depth, vectors.count)
                continue
            }
            var result = vectors.best(wanted, for: query, terms, &scratch)
            result.isComplete = result.isComplete && isEnough
            return result
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

extension SearchTerms {
    /// Those of `candidates`, which are in order, that are near enough.
    func cut(_ candidates: [Candidate]) -> [Candidate] {
        guard let minimumScore else { return candidates }
        return Array(candidates.prefix { $0.score >= minimumScore })
    }
}

extension StoredVectors {
    /// How many rows are scored between two looks at the clock: some tenths of a millisecond where
    /// none of them is in a cache.
    private static let slice = 1_024

    /// The best `k` of `scratch.rows` but the excluded one, by their vectors.
    ///
    /// Not of all of them where time runs out, but of the first slice in any case.
    func best(
        _ k: Int,
        for query: Span<Float>,
        _ terms: SearchTerms,
        _ scratch: inout SearchScratch
    ) -> SearchResult {
        let rows = scratch.rows
        var best = TopK(k)
        var isComplete = true
        for start in stride(from: 0, to: rows.count, by: Self.slice) {
            if start > 0, terms.isOver {
                isComplete = false
                break
            }
            let places = start..<min(start + Self.slice, rows.count)
            scratch.scores.resize(to: places.count, with: 0)
            var scores = scratch.scores.mutableSpan
            score(query, rows: rows.span.extracting(places), into: &scores)
            for place in places where Int(rows[place]) != terms.filter.excluded {
                best.insert(Candidate(row: Int(rows[place]), score: scores[place - start]))
            }
        }
        return SearchResult(candidates: terms.cut(best.sorted), isComplete: isComplete)
    }
}
