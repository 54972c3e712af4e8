import Indexes
import Retrieval

/// How much work a search is, before it is done: the floats that it reads, roughly.
struct SearchWork {
    /// What a query costs apart from its vectors: to prepare it, to enter the index, to collect.
    private static let query = 4096
    /// What an id of a filter costs: to look it up.
    private static let filterID = 2048
    /// What a candidate costs: to keep the best in order, to look up its id, to write it down.
    private static let candidate = 64

    var count: Int
    var dimension: Int
    /// Inverted lists (ivf).
    var lists = 1
    /// Bits of a code for each dimension (ivf).
    var dimensionBits = 2
    /// Bits of a code (lshscan).
    var bits = 0
    /// Tables of tokens, and bits of a token (lsh).
    var tables = 1
    var tokenBits = 0
    /// Links of a row (hnsw).
    var degree = 0

    /// The work of one query for `k` candidates of all rows, or of those that a filter allows.
    func ofQuery(k: Int, plan: SearchPlan, allowed: Int? = nil) -> Int {
        guard plan.comparesAll else {
            return ofQuery(k: k, setting: plan.setting, allowed: allowed)
        }
        return (allowed ?? count) * dimension + collecting(min(k, allowed ?? count))
    }

    func ofQuery(k: Int, setting: SearchSetting, allowed: Int? = nil) -> Int {
        let allowed = max(1, allowed ?? count)
        let wanted = min(k, allowed)
        return floats(wanted: wanted, setting: setting, allowed: allowed) + collecting(wanted)
    }

    /// The work of making sets of rows of so many ids.
    func ofFilter(ids: Int) -> Int {
        ids * Self.filterID + count / 32
    }

    private func collecting(_ wanted: Int) -> Int {
        wanted * Self.candidate + Self.query
    }

    private func floats(wanted: Int, setting: SearchSetting, allowed: Int) -> Int {
        switch setting {
        case .exhaustive:
            return count * dimension
        case .probes(let probes, let rerank):
            // More lists are visited where these hold too few vectors.
            let needed = wanted * count / allowed
            let visited = max(min(probes, lists) * count / lists, needed)
            let reranked = min(max(rerank, wanted), visited)
            return lists * dimension / 4 + visited * dimension * dimensionBits / 32
                + reranked * dimension
        case .tokens(let tokens, let rerank):
            let all = tables << tokenBits
            guard tokens < all, rerank < count else { return count * dimension }
            // To count a row is about as much as to read 32 floats in a row.
            return tables * tokenBits * dimension + tokens * 64 + (tokens * count >> tokenBits) * 32
                + max(rerank, wanted) * dimension
        case .breadth(let breadth):
            guard breadth < count else { return count * dimension }
            // Half of a row's links lead to where the walk has been.
            return min(count, max(breadth, wanted) * degree) * dimension
        case .rerank(let depth):
            return count * bits / 32 + min(max(depth, wanted), allowed) * dimension
        }
    }
}

extension SearchWork {
    init(_ manifest: GenerationManifest) {
        count = manifest.count
        dimension = manifest.dimension
        lists = max(1, manifest.build.lists ?? 1)
        dimensionBits = manifest.build.dimensionBits ?? 2
        bits = manifest.build.bits ?? 0
        tables = manifest.build.tables ?? 1
        tokenBits = manifest.build.tokenBits ?? 0
        degree = manifest.build.degree ?? 0
    }
}
