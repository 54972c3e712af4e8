import Indexes
import Retrieval

/// How much work a search is, before it is done: the floats that it reads, roughly.
struct SearchWork {
    /// What a query costs apart from its vectors: to prepare it, to enter the index, to collect.
    private static let query = 4096
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

    /// The work of one query for `k` candidates.
    func ofQuery(k: Int, setting: SearchSetting) -> Int {
        let wanted = min(k, count)
        return floats(wanted: wanted, setting: setting) + wanted * Self.candidate + Self.query
    }

    private func floats(wanted: Int, setting: SearchSetting) -> Int {
        switch setting {
        case .exhaustive:
            return count * dimension
        case .probes(let probes, let rerank):
            // More lists are visited where these hold too few vectors.
            let visited = max(min(probes, lists) * count / lists, wanted)
            let reranked = min(max(rerank, wanted), visited)
            return lists * dimension / 4 + visited * dimension * dimensionBits / 32
                + reranked * dimension
        case .tokens(let tokens, let rerank):
            let all = tables << tokenBits
            guard tokens < all, rerank < count else { return count * dimension }
            // To count a row is about as much as to read 32 floats in a row.
            return tables * tokenBits * dimension + tokens * (count >> tokenBits) * 32
                + max(rerank, wanted) * dimension
        case .breadth(let breadth):
            guard breadth < count else { return count * dimension }
            // Half of a row's links lead to where the walk has been.
            return min(count, max(breadth, wanted) * degree) * dimension
        case .rerank(let depth):
            return count * bits / 32 + min(max(depth, wanted), count) * dimension
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
