/// How much effort a search makes, in the terms of the kind of index.
///
/// As JSON it is `{}`, `{"probes": 16, "rerank": 100}`, `{"tokens": 512, "rerank": 1000}`,
/// `{"rerank": 200}` or `{"breadth": 64}`.
package enum SearchSetting: Sendable, Hashable {
    /// Every vector is compared (flat).
    case exhaustive
    /// So many of the nearest lists are visited, and so many of the nearest codes are reranked by
    /// their vectors (ivf).
    case probes(Int, rerank: Int)
    /// So many of the query's likeliest tokens are looked up, and so many of the rows that share
    /// most of them are reranked by their vectors (lsh).
    case tokens(Int, rerank: Int)
    /// So many of the nearest codes are reranked by their vectors (lshscan).
    case rerank(Int)
    /// So many of the best rows on the way are gone on from (hnsw).
    case breadth(Int)

    package var kind: IndexKind {
        switch self {
        case .exhaustive: .flat
        case .probes: .ivf
        case .tokens: .lsh
        case .rerank: .lshscan
        case .breadth: .hnsw
        }
    }

    /// The first number in the setting; 1 for a search that has none.
    package var effort: Int {
        switch self {
        case .exhaustive: 1
        case .probes(let count, _), .tokens(let count, _), .rerank(let count), .breadth(let count):
            count
        }
    }

    /// This setting with another first number.
    package func withEffort(_ effort: Int) -> SearchSetting {
        switch self {
        case .exhaustive: .exhaustive
        case .probes(_, let rerank): .probes(effort, rerank: rerank)
        case .tokens(_, let rerank): .tokens(effort, rerank: rerank)
        case .rerank: .rerank(effort)
        case .breadth: .breadth(effort)
        }
    }

    /// Whether a search with it is possible.
    package var isPossible: Bool {
        switch self {
        case .exhaustive: true
        case .probes(let count, let rerank), .tokens(let count, let rerank):
            count >= 1 && rerank >= 1
        case .rerank(let count), .breadth(let count): count >= 1
        }
    }
}

extension SearchSetting: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exhaustive: "exhaustive"
        case .probes(let probes, let rerank): "probes \(probes), rerank \(rerank)"
        case .tokens(let tokens, let rerank): "tokens \(tokens), rerank \(rerank)"
        case .rerank(let count): "rerank \(count)"
        case .breadth(let count): "breadth \(count)"
        }
    }
}

extension SearchSetting: Codable {
    private enum CodingKeys: String, CodingKey {
        case probes, tokens, rerank, breadth
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let rerank = try values.decodeIfPresent(Int.self, forKey: .rerank)
        let probes = try values.decodeIfPresent(Int.self, forKey: .probes)
        let tokens = try values.decodeIfPresent(Int.self, forKey: .tokens)
        if let breadth = try values.decodeIfPresent(Int.self, forKey: .breadth) {
            self = .breadth(breadth)
            return
        }
        switch (probes, tokens, rerank) {
        case (let probes?, nil, let rerank?): self = .probes(probes, rerank: rerank)
        case (nil, let tokens?, let rerank?): self = .tokens(tokens, rerank: rerank)
        case (nil, nil, let rerank?): self = .rerank(rerank)
        case (nil, nil, nil): self = .exhaustive
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .rerank,
                in: values,
                debugDescription: "either probes or tokens go with rerank"
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .exhaustive: break
        case .probes(let probes, let rerank):
            try values.encode(probes, forKey: .probes)
            try values.encode(rerank, forKey: .rerank)
        case .tokens(let tokens, let rerank):
            try values.encode(tokens, forKey: .tokens)
            try values.encode(rerank, forKey: .rerank)
        case .rerank(let rerank): try values.encode(rerank, forKey: .rerank)
        case .breadth(let breadth): try values.encode(breadth, forKey: .breadth)
        }
    }
}
