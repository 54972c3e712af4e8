package import Vectors

/// One complete set of embeddings in the store.
package struct EmbeddingVersion: Sendable, Equatable {
    /// Counts up from 1; never used again, even after the version was removed.
    package let number: Int
    /// How many items have an embedding.
    package let count: Int
    /// How many values an embedding has.
    package let dimension: Int
    package let metric: Metric
    /// How exactly the values are kept.
    package let precision: Precision
    /// How it was made, in words.
    package let note: String
    /// The map (dimension, dimension) from the mean of the directions of a context's items to the
    /// context's query, where one came with the vectors.
    package let contextMap: Matrix?

    package init(
        number: Int,
        count: Int,
        dimension: Int,
        metric: Metric,
        precision: Precision = .fp32,
        note: String,
        contextMap: Matrix? = nil
    ) {
        self.number = number
        self.count = count
        self.dimension = dimension
        self.metric = metric
        self.precision = precision
        self.note = note
        self.contextMap = contextMap
    }
}
