import BLAS
import Vectors

/// One convolve layer, forwards and backwards: Algorithm 1 of the paper (Ying and others, 2018).
///
/// Names: n sources, t targets, c input width, m hidden width, d output width.
struct ConvolveLayer: Sendable, Equatable {
    var projection: Parameter  // Q (c, m)
    var projectionBias: Parameter  // q (1, m)
    // The paper's W acts on the concatenation of self and neighbourhood; it is kept as two halves,
    // so that nothing has to be concatenated.
    var selfWeights: Parameter  // upper part of W (c, d)
    var neighbourWeights: Parameter  // lower part of W (m, d)
    var bias: Parameter  // w (1, d)
    let pooling: Pooling  // gamma

    /// What the backward pass needs to know of the forward pass.
    struct Trace: Sendable {
        var input: Matrix  // (n, c)
        var projected: Matrix  // ReLU(input Q + q) (n, m)
        var pooled: Matrix  // (t, m)
        var lengths: [Float]  // of the rows before normalisation (t)
        var output: Matrix  // (t, d)
    }

    init<Source: ParameterSource>(
        number: Int,
        pooling: Pooling,
        input: Int,
        hidden: Int,
        output: Int,
        from source: inout Source
    ) throws(Source.Failure) {
        self.pooling = pooling
        let name = "convolve.\(number)"
        // He and others 2015: a variance of 2 / fan-in keeps the scale through a ReLU.
        let projectionDeviation = (2 / Float(input)).squareRoot()
        let weightDeviation = (2 / Float(input + hidden)).squareRoot()
        projection = try source.parameter(
            "\(name).projection",
            rows: input,
            columns: hidden,
            deviation: projectionDeviation
        )
        projectionBias = try source.parameter("\(name).projection_bias", rows: 1, columns: hidden)
        selfWeights = try source.parameter(
            "\(name).self_weights",
            rows: input,
            columns: output,
            deviation: weightDeviation
        )
        neighbourWeights = try source.parameter(
            "\(name).neighbour_weights",
            rows: hidden,
            columns: output,
            deviation: weightDeviation
        )
        bias = try source.parameter("\(name).bias", rows: 1, columns: output)
    }

    /// Shapes: `input` (n, c) -> output (t, d), every row of length one.
    func forward(_ input: Matrix, _ block: Block, threads: Int) -> Trace {
        precondition(input.rows == block.sourceCount, "a block fits the layer's input")
        let projected = project(input, threads: threads)
        let pooled = block.neighbourhoods.pool(projected, by: pooling, threads: threads)
        let (output, lengths) = combine(
            input.firstRows(block.targetCount),
            pooled,
            threads: threads
        )
        return Trace(
            input: input,
            projected: projected,
            pooled: pooled,
            lengths: lengths,
            output: output
        )
    }

    /// What neighbours see of each node, ReLU(Q h + q), of which line 1 pools a neighbourhood's:
    /// (n, c) -> (n, m).
    func project(_ input: Matrix, threads: Int) -> Matrix {
        var projected = Matrix.product(input, projection.value, threads: threads)
        projected.addBiasAndRectify(projectionBias.value, threads: threads)
        return projected
    }

    /// The targets' own vectors (t, c) and what was pooled for them (t, m) -> output (t, d), and
    /// the lengths that its rows were divided by.
    func combine(
        _ input: Matrix,
        _ pooled: Matrix,
        threads: Int
    ) -> (output: Matrix, lengths: [Float]) {
        // Line 2: z_u <- ReLU(W concat(z_u, n_u) + w).
        var output = Matrix.product(input, selfWeights.value, threads: threads)
        output.addProduct(pooled, neighbourWeights.value, threads: threads)
        output.addBiasAndRectify(bias.value, threads: threads)
        // Line 3: z_u <- z_u / |z_u|.
        let lengths = output.rowLengths()
        output.divideRows(by: lengths, threads: threads)
        return (output, lengths)
    }

    /// Sets the gradients of the parameters, and returns the gradient of the input.
    ///
    /// Shapes: `outputGradient` (t, d) -> input gradient (n, c).
    mutating func backward(
        _ outputGradient: Matrix,
        _ trace: Trace,
        _ block: Block,
        threads: Int
    ) -> Matrix {
        // Lines 3 and 2. The output is above zero just where the ReLU's was.
        var gradient = outputGradient
        gradient.normalisationGradient(
            output: trace.output,
            lengths: trace.lengths,
            threads: threads
        )
        gradient.maskGradient(byOutput: trace.output, threads: threads)
        let selfInput = trace.input.firstRows(block.targetCount)
        selfWeights.gradient = .dense(
            .product(selfInput, transposeA: true, gradient, threads: threads)
        )
        neighbourWeights.gradient = .dense(
            .product(trace.pooled, transposeA: true, gradient, threads: threads)
        )
        bias.gradient = .dense(gradient.columnSums())
        let pooledGradient = Matrix.product(
            gradient,
            neighbourWeights.value,
            transposeB: true,
            threads: threads
        )
        let selfGradient = Matrix.product(
            gradient,
            selfWeights.value,
            transposeB: true,
            threads: threads
        )
        // Line 1.
        var projectedGradient = block.neighbourhoods.poolGradient(
            pooledGradient,
            of: trace.projected,
            pooled: trace.pooled,
            by: pooling,
            threads: threads
        )
        projectedGradient.maskGradient(byOutput: trace.projected, threads: threads)
        projection.gradient = .dense(
            .product(trace.input, transposeA: true, projectedGradient, threads: threads)
        )
        projectionBias.gradient = .dense(projectedGradient.columnSums())
        var inputGradient = Matrix.product(
            projectedGradient,
            projection.value,
            transposeB: true,
            threads: threads
        )
        inputGradient.addToFirstRows(selfGradient, threads: threads)
        return inputGradient
    }
}
