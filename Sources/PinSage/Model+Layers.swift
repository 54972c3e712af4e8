package import Vectors

/// The forward pass in its steps, for those who do not hold all nodes in memory at once.
///
/// Each step takes some rows, and gives just as many; only what neighbours lend lies in
/// ``DenseRows`` of all nodes, in memory or not. Names: n nodes, t of them, m hidden width,
/// d dimension; layers count from 0.
extension Model {
    /// h(0): what is known of t nodes -> (t, d).
    package func input(_ inputs: ItemInputs, threads: Int) -> Matrix {
        input.forward(inputs, threads: threads).output
    }

    /// What neighbours see of t nodes at a layer, ReLU(Q h + q): (t, d) -> (t, m).
    package func project(_ vectors: Matrix, layer: Int, threads: Int) -> Matrix {
        layers[layer].project(vectors, threads: threads)
    }

    /// A layer's output for t nodes (t, d), from their own vectors (t, d), and those that the
    /// layer's projection gave all nodes (n, m), of which `neighbourhoods` (t, n) pool.
    package func convolve(
        _ vectors: Matrix,
        with projected: some DenseRows,
        _ neighbourhoods: SparseRows,
        layer: Int,
        threads: Int
    ) -> Matrix {
        let layer = layers[layer]
        let pooled = neighbourhoods.pool(projected, by: layer.pooling, threads: threads)
        return layer.combine(vectors, pooled, threads: threads).output
    }

    /// The embeddings of t nodes (t, d), from the last layer's output (t, d), and for the residual
    /// path their own input (t, d) and all nodes' (n, d), of which `neighbourhoods` (t, n) pool.
    package func embeddings(
        _ vectors: Matrix,
        own: Matrix,
        input: some DenseRows,
        _ neighbourhoods: SparseRows,
        threads: Int
    ) -> Matrix {
        let output = head.forward(vectors, threads: threads).output
        return finish(output, own: own, input: input, neighbourhoods, threads: threads).embeddings
    }
}
