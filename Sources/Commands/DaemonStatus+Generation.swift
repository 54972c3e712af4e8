import Wire

extension StatusReport {
    /// The generation served.
    package struct Generation: Encodable, Sendable {
        package let number: UInt64
        package let embeddingVersion: UInt64
        package let count: UInt64
        package let dimension: UInt32
        package let metric: String
        package let kind: String
        package let recall: Double
        package let k: UInt32
        /// How long it has been served.
        package let seconds: Double
        /// What other efforts reached.
        package let levels: [Level]

        private enum CodingKeys: String, CodingKey {
            case number, count, dimension, metric, kind, recall, k, seconds, levels
            case embeddingVersion = "embedding_version"
        }

        init(_ generation: InfoResponse.Generation, seconds: Double) {
            number = generation.number
            embeddingVersion = generation.embeddingVersion
            count = generation.count
            dimension = generation.dimension
            metric = generation.metric
            kind = generation.indexKind
            recall = generation.measuredRecall
            k = generation.recallK
            self.seconds = seconds
            levels = generation.levels.map(Level.init)
        }
    }

    /// What an effort reached when the generation was built.
    package struct Level: Encodable, Sendable {
        package let k: UInt32
        package let effort: UInt32
        package let recall: Double
        package let margin: Double
        package let p50: Double

        private enum CodingKeys: String, CodingKey {
            case k, effort, recall, margin
            case p50 = "p50_us"
        }

        init(_ level: InfoResponse.Level) {
            k = level.k
            effort = level.effort
            recall = level.recall
            margin = level.margin
            p50 = level.p50Us
        }
    }

    /// What a share of the real searches found, against exact search.
    package struct Recall: Encodable, Sendable {
        package let generation: UInt64
        package let queries: UInt64
        package let recall: Double
        package let margin: Double

        init(_ recall: StatsResponse.Recall) {
            generation = recall.generation
            queries = recall.queries
            self.recall = recall.recall
            margin = recall.margin
        }
    }
}
