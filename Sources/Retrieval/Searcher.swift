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

    /// Puts the candidates nearest to `query` in place of those of `result`: as many as wanted, or
    /// as there are.
    ///
    /// Without a setting all vectors are compared.
    func search(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        setting: SearchSetting?,
        into result: inout SearchResult
    ) throws(RetrievalError) {
        try check(query, terms, setting)
        var scratch = pool.take()
        defer { pool.give(&scratch) }
        switch vectors.metric {
        case .cosine:
            let direction = scratch.direction(of: query)
            result.isComplete = try find(direction.span, terms, setting, &scratch)
        case .innerProduct, .l2:
            result.isComplete = try find(query, terms, setting, &scratch)
        }
        result.candidates.removeAll(keepingCapacity: true)
        scratch.best.moveSorted(to: &result.candidates)
        terms.cut(&result.candidates)
    }

    /// The candidates nearest to `query`, in memory of their own.
    func search(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        setting: SearchSetting?
    ) throws(RetrievalError) -> SearchResult {
        var result = SearchResult(candidates: [], isComplete: true)
        try search(query, terms, setting: setting, into: &result)
        return result
    }

    /// Leaves the best in `scratch.best`; false where time ran out before.
    private func find(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ setting: SearchSetting?,
        _ scratch: inout SearchScratch
    ) throws(RetrievalError) -> Bool {
        let allowed = terms.filter.count(of: vectors.count)
        let wanted = min(terms.k, allowed)
        guard let setting, !terms.leavesFewRows else {
            return compareAll(query, terms, wanted, &scratch)
        }
        let isComplete: Bool
        switch (index, setting) {
        case (.ivf(let lists), .probes(let probes, let depth)):
            isComplete = search(lists, query, terms, wanted, probes, depth, &scratch)
        case (.lsh(let tables), .tokens(let tokens, let depth))
        where tokens < tables.tokenCount && depth < vectors.count:
            isComplete = search(tables, query, terms, wanted, tokens, depth, &scratch)
        case (.lshscan(let codes), .rerank(let depth)):
            isComplete = try search(codes, query, terms, wanted, allowed, depth, &scratch)
        case (.hnsw(let links), .breadth(let breadth)) where breadth < vectors.count:
            isComplete = search(links, query, terms, wanted, breadth, &scratch)
        default:
            return compareAll(query, terms, wanted, &scratch)
        }
        let found = scratch.rows.count { Int($0) != terms.filter.excluded }
        if isComplete, found < wanted {
            return compareAll(query, terms, wanted, &scratch)
        }
        let isReranked = vectors.rerank(
            query,
            k: wanted,
            excluding: terms.filter.excluded,
            scratch: &scratch,
            isOver: { terms.isOver }
        )
        return isComplete && isReranked
    }

    private func compareAll(
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ scratch: inout SearchScratch
    ) -> Bool {
        vectors.findNearest(
            query,
            k: wanted,
            filter: terms.filter,
            scratch: &scratch,
            isOver: { terms.isOver }
        )
    }
}
