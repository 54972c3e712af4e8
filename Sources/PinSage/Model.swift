package import Vectors

/// The PinSage network: input, K convolve layers, head (Algorithms 1 and 2 of the paper).
///
/// ```swift
/// var model = Model(settings, itemCount: graph.itemCount, seed: 1)
/// let pass = model.forward(subgraph, of: inputs, threads: 2)
/// model.backward(gradient, pass, subgraph, threads: 2)
/// ```
///
/// Whether embeddings are divided by their length, which the paper leaves open, is a setting
/// (``ModelSettings/normalise``).
package struct Model: Sendable, Equatable {
    package let settings: ModelSettings
    var input: InputLayer
    var layers: [ConvolveLayer]
    var head: HeadLayer

    /// A model of random weights; all follow from `seed`.
    ///
    /// `identities` (items, d) and `words` (buckets, d), where given, are what the items' own vectors
    /// and the rows of their words and fields start as.
    package init(
        _ settings: ModelSettings,
        itemCount: Int,
        identities: Matrix? = nil,
        words: Matrix? = nil,
        seed: UInt64
    ) {
        var source = RandomParameters(generator: SeededGenerator(seed: seed))
        self.init(settings, itemCount: itemCount, from: &source)
        if let identities {
            precondition(
                identities.rows == itemCount && identities.columns == settings.dimension,
                "every item has a vector to start as"
            )
            input.identity?.value = identities
        }
        if let words {
            precondition(
                words.rows == settings.buckets && words.columns == settings.dimension,
                "every bucket has a row to start as"
            )
            input.content.value = words
        }
    }

    /// A trained model, from its tensors.
    package init(
        _ settings: ModelSettings,
        itemCount: Int,
        tensors: [String: Matrix]
    ) throws(MissingParameter) {
        var source = TrainedParameters(tensors: tensors)
        try self.init(settings, itemCount: itemCount, from: &source)
    }

    private init<Source: ParameterSource>(
        _ settings: ModelSettings,
        itemCount: Int,
        from source: inout Source
    ) throws(Source.Failure) {
        precondition(settings.layers > 0, "a model has at least one convolve layer")
        self.settings = settings
        input = try InputLayer(settings, itemCount: itemCount, from: &source)
        layers = []
        for number in 1...settings.layers {
            layers.append(
                try ConvolveLayer(
                    number: number,
                    pooling: settings.pooling,
                    input: settings.dimension,
                    hidden: settings.hidden,
                    output: settings.dimension,
                    from: &source
                )
            )
        }
        head = try HeadLayer(
            dimension: settings.dimension,
            startsAtZero: settings.residual,
            from: &source
        )
    }

    /// All that a backward pass needs to know of a forward pass.
    package struct Pass: Sendable {
        var input: InputLayer.Trace
        var layers: [ConvolveLayer.Trace]
        var head: HeadLayer.Trace
        /// Of the embeddings before they were divided by them (t); none where they were not.
        var lengths: [Float]
        /// The embeddings of the subgraph's targets (t, d).
        package var embeddings: Matrix
    }

    /// Computes the embeddings of the subgraph's targets; no node's vector is computed twice.
    ///
    /// `inputs` are those of the subgraph's nodes, in their order.
    package func forward(_ subgraph: Subgraph, of inputs: ItemInputs, threads: Int) -> Pass {
        let input = input.forward(inputs, threads: threads)
        var traces: [ConvolveLayer.Trace] = []
        for (layer, block) in zip(layers, subgraph.blocks) {
            let source = traces.last?.output ?? input.output
            traces.append(layer.forward(source, block, threads: threads))
        }
        let head = head.forward(traces.last?.output ?? input.output, threads: threads)
        let last = subgraph.blocks[subgraph.blocks.count - 1]
        let (embeddings, lengths) = finish(
            head.output,
            own: input.output.firstRows(last.targetCount),
            input: input.output,
            last.neighbourhoods,
            threads: threads
        )
        return Pass(
            input: input,
            layers: traces,
            head: head,
            lengths: lengths,
            embeddings: embeddings
        )
    }

    /// Adds the residual path to the head's output (t, d), and divides each row by its length.
    ///
    /// `own` (t, d) are the targets' rows of `input` (n, d), and `neighbourhoods` (t, n) those that
    /// the last layer pooled.
    func finish(
        _ output: Matrix,
        own: Matrix,
        input: some DenseRows,
        _ neighbourhoods: SparseRows,
        threads: Int
    ) -> (embeddings: Matrix, lengths: [Float]) {
        var embeddings = output
        if settings.residual {
            embeddings.addToFirstRows(own, threads: threads)
            residual(neighbourhoods).addProduct(with: input, to: &embeddings, threads: threads)
        }
        guard settings.normalise else { return (embeddings, []) }
        let lengths = embeddings.rowLengths()
        embeddings.divideRows(by: lengths, threads: threads)
        return (embeddings, lengths)
    }

    /// What the residual path takes of each neighbour: its importance where that is what layers
    /// pool by, or else an equal share.
    private func residual(_ neighbourhoods: SparseRows) -> SparseRows {
        neighbourhoods.shares(settings.pooling == .importance ? .importance : .mean)
    }

    /// Sets the gradient of every parameter from that of the embeddings (t, d).
    package mutating func backward(
        _ embeddingGradient: Matrix,
        _ pass: Pass,
        _ subgraph: Subgraph,
        threads: Int
    ) {
        var outputGradient = embeddingGradient
        if settings.normalise {
            outputGradient.normalisationGradient(
                output: pass.embeddings,
                lengths: pass.lengths,
                threads: threads
            )
        }
        var gradient = head.backward(outputGradient, pass.head, threads: threads)
        for index in layers.indices.reversed() {
            gradient = layers[index].backward(
                gradient,
                pass.layers[index],
                subgraph.blocks[index],
                threads: threads
            )
        }
        if settings.residual, let block = subgraph.blocks.last {
            gradient.addToFirstRows(outputGradient, threads: threads)
            residual(block.neighbourhoods).transposed(columnCount: block.sourceCount)
                .addProduct(with: outputGradient, to: &gradient, threads: threads)
        }
        input.backward(gradient, pass.input, threads: threads)
    }

    /// Every parameter, in a fixed order.
    package var parameters: [Parameter] {
        var all: [Parameter] = []
        var copy = self
        copy.updateParameters { all.append($0) }
        return all
    }

    /// Calls `body` with every parameter in turn, in a fixed order.
    package mutating func updateParameters(_ body: (inout Parameter) throws -> Void) rethrows {
        try body(&input.content)
        try body(&input.degree)
        if var identity = input.identity {
            input.identity = nil  // so that the table has one owner and is changed in place
            defer { input.identity = identity }
            try body(&identity)
        }
        if var dense = input.dense {
            input.dense = nil
            defer { input.dense = dense }
            try body(&dense)
        }
        for index in layers.indices {
            try body(&layers[index].projection)
            try body(&layers[index].projectionBias)
            try body(&layers[index].selfWeights)
            try body(&layers[index].neighbourWeights)
            try body(&layers[index].bias)
        }
        try body(&head.first)
        try body(&head.bias)
        try body(&head.second)
    }
}
