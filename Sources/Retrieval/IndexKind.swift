/// How a generation finds candidates.
package enum IndexKind: String, Codable, Sendable, CaseIterable {
    /// Compares the query with every vector: exact, and slow for large catalogues.
    case flat
    /// Compares the query with the vectors of the nearest lists.
    case ivf
    /// Compares codes, and reranks the best by their vectors.
    case lsh

    /// The setting of a given effort; a larger effort finds more and takes longer.
    package func setting(effort: Int) -> SearchSetting {
        switch self {
        case .flat: .exhaustive
        case .ivf: .probes(effort)
        case .lsh: .rerank(effort)
        }
    }
}
