package import Vectors

/// One complete set of embeddings in the store.
package struct EmbeddingVersion: Sendable, Equatable, Codable {
    /// Counts up from 1; never used again, even after the version was removed.
    package let number: Int
    /// How many items have an embedding.
    package let count: Int
    /// How many values an embedding has.
    package let dimension: Int
    package let metric: Metric
    /// How it was made, in words.
    package let note: String
    /// How far the query of a context is turned away from where all vectors are strong, 0...1; 0 is
    /// the plain mean of its items' vectors.
    package let contextStrength: Float

    package init(
        number: Int,
        count: Int,
        dimension: Int,
        metric: Metric,
        note: String,
        contextStrength: Float = 0
    ) {
        self.number = number
        self.count = count
        self.dimension = dimension
        self.metric = metric
        self.note = note
        self.contextStrength = contextStrength
    }
}
