package import Vectors

/// What is known of every item before any layer: the x_u of Algorithm 2.
package struct ItemInputs: Sendable, Equatable {
    /// Row u: the buckets of item u's words and fields, with their weights.
    package var content: SparseRows
    /// log(1 + degree) of each item (the paper's log-degree feature).
    package var logDegrees: [Float]
    /// The row of each item in the table of identities, or nil for an item that training never saw.
    package var identities: [UInt32?]
    /// Vectors that the items came with (items, f); f is 0 where they came without.
    package var dense: Matrix

    package init(
        content: SparseRows,
        logDegrees: [Float],
        identities: [UInt32?],
        dense: Matrix? = nil
    ) {
        self.content = content
        self.logDegrees = logDegrees
        self.identities = identities
        self.dense = dense ?? Matrix(rows: logDegrees.count, columns: 0)
        precondition(
            content.rowCount == itemCount && identities.count == itemCount
                && self.dense.rows == itemCount,
            "every item has content, a degree, an identity or none, and a dense vector"
        )
    }

    package var itemCount: Int { logDegrees.count }

    /// The inputs of the items `nodes`, in that order; those for which `isCold` holds are shown as
    /// new items are: without degree and identity.
    package func gather(_ nodes: [UInt32], isCold: (Int) -> Bool) -> ItemInputs {
        let cold = nodes.map { isCold(Int($0)) }
        return ItemInputs(
            content: content.gather(nodes),
            logDegrees: zip(nodes, cold).map { $1 ? 0 : logDegrees[Int($0)] },
            identities: zip(nodes, cold).map { $1 ? nil : identities[Int($0)] },
            dense: dense.columns == 0 ? nil : dense.gather(nodes.map { Int($0) })
        )
    }
}
