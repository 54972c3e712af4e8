/// What `corkboard evaluate --pairs --json` prints.
struct PairReport: Decodable, Equatable {
    let pairs: Int
    let hitRate: [String: Double]
    let mrr100: Double
    let mrr: Double

    private enum CodingKeys: String, CodingKey {
        case pairs, mrr100, mrr
        case hitRate = "hit_rate"
    }
}

/// What `corkboard evaluate --edges --json` prints.
struct ContextReport: Decodable, Equatable {
    let contexts: Int
    let recall: [String: Double]
    let ndcg: [String: Double]
    let coverage: Double
}

/// What `corkboard recall --json` prints.
struct RecallReport: Decodable {
    struct Index: Decodable {
        let kind: String
        let recall: Double
        let p50: Double
        let p99: Double
        let bytes: Int

        private enum CodingKeys: String, CodingKey {
            case kind, recall, bytes
            case p50 = "p50_us"
            case p99 = "p99_us"
        }
    }

    let k: Int
    let indexes: [Index]
}

/// What `corkboard train --json` prints.
struct TrainingReport: Decodable {
    let epochs: Int
    let pairs: Int
    let seconds: Double
    let pairsPerSecond: Double
    let stoppedEarly: Bool
    let interrupted: Bool

    private enum CodingKeys: String, CodingKey {
        case epochs, pairs, seconds, interrupted
        case pairsPerSecond = "pairs_per_second"
        case stoppedEarly = "stopped_early"
    }
}

/// What `corkboard search --json` prints.
struct SearchReport: Decodable {
    struct Query: Decodable {
        let candidates: [Candidate]
    }

    struct Candidate: Decodable {
        let id: String
        let score: Float
        let summary: String
    }

    let queries: [Query]
}

/// What `corkboard status --json` prints.
struct StatusReport: Decodable {
    struct Generation: Decodable {
        let number: Int
    }

    let generation: Generation?
}
