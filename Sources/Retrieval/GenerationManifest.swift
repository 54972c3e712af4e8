package import Indexes
package import Vectors

/// What a generation is, how it was built, and how good it was measured to be: `manifest.json`.
package struct GenerationManifest: Codable, Sendable, Equatable {
    /// The version of the folder's form that this program writes.
    package static let currentFormat = 3
    static let fileName = "manifest.json"

    package var format: Int
    /// Generations are numbered upwards, whatever the clock says.
    package var generation: Int
    package var kind: IndexKind
    /// How many vectors the generation holds.
    package var count: Int
    package var dimension: Int
    package var metric: Metric
    /// How exactly the vectors are kept.
    package var precision: Precision
    package var embeddingVersion: Int
    /// The identity of the store that the embedding version belongs to.
    package var storeIdentity: String
    package var build: Build
    /// The setting of searches that name none, for up to `measured.k` candidates.
    package var setting: SearchSetting
    package var measured: Measured
    /// The settings of searches for more candidates, ascending by k; see ``setting(forK:)``.
    package var deeper: [Default]
    /// What some searches found, for whoever wants to know whether they still do.
    package var proofs: [Proof]
    /// Every other file of the folder.
    package var files: [String: Seal]
    /// The checksum of this manifest with an empty seal, in hexadecimal digits; see ``sealed()``.
    package var seal: String

    /// The parameters of the build.
    package struct Build: Codable, Sendable, Equatable {
        /// Inverted lists (ivf).
        package var lists: Int?
        /// Bits of a code for each dimension (ivf).
        package var dimensionBits: Int?
        /// Bits of a code (lshscan).
        package var bits: Int?
        /// Tables of tokens, and bits of a token (lsh).
        package var tables: Int?
        package var tokenBits: Int?
        /// Links of a row on each upper level (hnsw).
        package var degree: Int?
        package var seed: UInt64
        package var threads: Int

        private enum CodingKeys: String, CodingKey {
            case lists, bits, tables, degree, seed, threads
            case dimensionBits = "dimension_bits"
            case tokenBits = "token_bits"
        }
    }

    /// The setting of searches for up to `measured.k` candidates that name none.
    package struct Default: Codable, Sendable, Equatable {
        package var setting: SearchSetting
        package var measured: Measured
    }

    /// Recall and latency against exact search of the embeddings as they are in the store.
    package struct Measured: Codable, Sendable, Equatable {
        package var k: Int
        package var queries: Int
        package var targetRecall: Double
        /// Whether they were queries given with the build, and not items of the catalogue.
        package var givenQueries: Bool
        /// False where even the greatest effort stayed below the target.
        package var reachedTarget: Bool
        /// What the chosen setting reached.
        package var recall: Double
        package var p50: Double
        package var p99: Double
        /// What more and more effort reaches: no setting is here that finds less for more.
        package var curve: [RecallMeasurement]

        private enum CodingKeys: String, CodingKey {
            case k, queries, recall, curve
            case givenQueries = "given_queries"
            case targetRecall = "target_recall"
            case reachedTarget = "reached_target"
            case p50 = "p50_us"
            case p99 = "p99_us"
        }
    }

    /// A search by an item with the default setting, and the rows that it found.
    package struct Proof: Codable, Sendable, Equatable {
        package var row: Int
        package var found: [Int]
    }

    /// What a file must be.
    package struct Seal: Codable, Sendable, Equatable {
        package var bytes: Int
        package var sha256: String
    }

    private enum CodingKeys: String, CodingKey {
        case format, generation, kind, count, dimension, metric, precision, build, setting,
            measured, deeper, proofs
        case files, seal
        case embeddingVersion = "embedding_version"
        case storeIdentity = "store_identity"
    }
}
