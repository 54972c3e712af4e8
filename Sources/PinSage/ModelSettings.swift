/// How a convolve layer makes one vector of a neighbourhood's projected vectors (gamma).
package enum Pooling: String, Codable, Sendable, CaseIterable {
    /// Their mean, weighted by importance: the paper's choice.
    case importance
    /// Their plain mean.
    case mean
    /// The largest value of each column, as in GraphSAGE.
    case max
}

/// The shape of the network.
package struct ModelSettings: Codable, Sendable, Equatable {
    /// K, the number of convolve layers.
    package var layers = 2
    /// gamma, for every layer.
    package var pooling = Pooling.importance
    /// m, the width of a projected neighbour inside a convolve layer.
    package var hidden = 128
    /// d, the width of an item's vector: of its input, of every layer's output, of its embedding.
    package var dimension = 128
    /// Rows of the table that words and fields are hashed into.
    package var buckets = 65_536
    /// f, the width of the dense vectors that items came with; training takes it from the import.
    package var dense = 0
    /// Whether every item of the catalogue learns a vector of its own.
    ///
    /// It helps where content says little; an item that was not there in training does without.
    package var identity = true
    /// Whether an item's own vector starts where the shape of the graph puts it (see
    /// ``spectralVectors``), or anywhere; without ``identity``, its words (see ``spectralWords``).
    package var spectral = true
    /// Whether the item's input and its pooled neighbourhood's are added to the output of the head.
    ///
    /// The paper has no such path; on small catalogues it learns faster with it.
    package var residual = true
    /// Whether embeddings are divided by their length.
    ///
    /// A margin then has one meaning for every item. Without it an item's length can say how popular
    /// it is, and an index must take inner products.
    package var normalise = true

    package init() {}
}
