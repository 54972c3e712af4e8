/// How a generation finds candidates.
package enum IndexKind: String, Codable, Sendable, CaseIterable {
    /// Compares the query with every vector: exact, and slow for large catalogues.
    case flat
    /// Compares the query with the codes of the nearest lists, and reranks the best by their
    /// vectors.
    case ivf
    /// Looks up tokens, which are signs of random projections, and reranks the rows that share
    /// most of them by their vectors.
    case lsh
    /// Compares the signs of random projections with those of every vector, by Faiss, and reranks
    /// the best by their vectors.
    case lshscan
    /// Walks over links between near vectors, and compares the vectors on the way.
    case hnsw
}
