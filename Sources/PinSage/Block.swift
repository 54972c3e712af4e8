/// The neighbourhoods of one convolve layer, re-indexed for one batch.
///
/// The layer reads `sourceCount` rows and writes `targetCount` rows. Its targets are the first of
/// its sources: row u of the output belongs to row u of the input.
package struct Block: Sendable, Equatable {
    package let sourceCount: Int
    /// Target u's neighbours lie at `offsets[u]..<offsets[u + 1]`.
    package let offsets: [Int]
    /// The neighbours, as rows of the layer's input.
    package let sources: [UInt32]
    /// Their importances, which sum to 1 for a target that has any (alpha in Algorithm 1).
    package let importances: [Float]

    package init(sourceCount: Int, offsets: [Int], sources: [UInt32], importances: [Float]) {
        precondition(
            offsets.last == sources.count && sources.count == importances.count
                && offsets.count - 1 <= sourceCount,
            "a block's targets are among its sources, and every neighbour has an importance"
        )
        self.sourceCount = sourceCount
        self.offsets = offsets
        self.sources = sources
        self.importances = importances
    }

    package var targetCount: Int { offsets.count - 1 }
}

/// The nodes of one batch and the blocks that compute its embeddings (Algorithm 2, lines 1 to 7).
package struct Subgraph: Sendable, Equatable {
    /// S(0): every item that the batch needs.
    ///
    /// The first of them are S(1), and so on up to S(K), the items whose embeddings are asked for.
    package let nodes: [UInt32]
    /// One block for each layer, the first layer first.
    package let blocks: [Block]

    package init(nodes: [UInt32], blocks: [Block]) {
        self.nodes = nodes
        self.blocks = blocks
    }

    /// The number of items whose embeddings are computed.
    package var targetCount: Int { blocks.last?.targetCount ?? nodes.count }
}
