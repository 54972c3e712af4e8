/// How much effort a search makes, in the terms of the kind of index.
///
/// As JSON it is `{}`, `{"probes": 16}` or `{"rerank": 200}`.
package enum SearchSetting: Sendable, Hashable {
    /// Every vector is compared (flat).
    case exhaustive
    /// This many of the nearest lists are visited (ivf).
    case probes(Int)
    /// This many candidates, those with the nearest codes, are reranked by their vectors (lsh).
    case rerank(Int)

    package var kind: IndexKind {
        switch self {
        case .exhaustive: .flat
        case .probes: .ivf
        case .rerank: .lsh
        }
    }

    /// The number in the setting; 1 for a search that has none.
    package var effort: Int {
        switch self {
        case .exhaustive: 1
        case .probes(let count), .rerank(let count): count
        }
    }
}

extension SearchSetting: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exhaustive: "exhaustive"
        case .probes(let count): "probes \(count)"
        case .rerank(let count): "rerank \(count)"
        }
    }
}

extension SearchSetting: Codable {
    private enum CodingKeys: String, CodingKey {
        case probes, rerank
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let count = try values.decodeIfPresent(Int.self, forKey: .probes) {
            self = .probes(count)
        } else if let count = try values.decodeIfPresent(Int.self, forKey: .rerank) {
            self = .rerank(count)
        } else {
            self = .exhaustive
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .exhaustive: break
        case .probes(let count): try values.encode(count, forKey: .probes)
        case .rerank(let count): try values.encode(count, forKey: .rerank)
        }
    }
}
