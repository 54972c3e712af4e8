/// The neighbourhoods of one convolve layer, re-indexed for one batch.
///
/// The layer reads `sourceCount` rows and writes `targetCount` rows. Its targets are the first of
/// its sources: row u of the output belongs to row u of the input.
package struct Block: Sendable, Equatable {
    package let sourceCount: Int
    /// Row u: target u's neighbours, as rows of the layer's input, and their importances, which
    /// sum to 1 for a target that has any (alpha in Algorithm 1).
    package let neighbourhoods: SparseRows

    package init(sourceCount: Int, neighbourhoods: SparseRows) {
        precondition(
            neighbourhoods.rowCount <= sourceCount,
            "a block's targets are among its sources"
        )
        self.sourceCount = sourceCount
        self.neighbourhoods = neighbourhoods
    }

    package var targetCount: Int { neighbourhoods.rowCount }
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
