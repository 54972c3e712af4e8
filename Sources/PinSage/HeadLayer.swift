import BLAS
import Vectors

/// The dense head after the last convolve layer: z <- G2 ReLU(G1 h + g) (Algorithm 2, line 16).
///
/// G2 has no bias, as in the paper. Names: t rows, d width of input, hidden and output.
struct HeadLayer: Sendable, Equatable {
    var first: Parameter  // G1 (d, d)
    var bias: Parameter  // g (1, d)
    var second: Parameter  // G2 (d, d)

    struct Trace: Sendable {
        var input: Matrix  // (t, d)
        var hidden: Matrix  // ReLU(input G1 + g) (t, d)
        var output: Matrix  // (t, d)
    }

    /// With `startsAtZero` the first output is zero: beside a residual path, the layers then begin
    /// by changing nothing, and learn what to add.
    init<Source: ParameterSource>(
        dimension: Int,
        startsAtZero: Bool,
        from source: inout Source
    ) throws(Source.Failure) {
        let deviation = (2 / Float(dimension)).squareRoot()
        first = try source.parameter(
            "head.first",
            rows: dimension,
            columns: dimension,
            deviation: deviation
        )
        bias = try source.parameter("head.bias", rows: 1, columns: dimension)
        second = try source.parameter(
            "head.second",
            rows: dimension,
            columns: dimension,
            deviation: startsAtZero ? 0 : deviation
        )
    }

    func forward(_ input: Matrix, threads: Int) -> Trace {
        var hidden = Matrix.product(input, first.value, threads: threads)
        hidden.addBiasAndRectify(bias.value, threads: threads)
        return Trace(
            input: input,
            hidden: hidden,
            output: .product(hidden, second.value, threads: threads)
        )
    }

    /// Sets the gradients of the parameters, and returns the gradient of the input (t, d).
    mutating func backward(_ outputGradient: Matrix, _ trace: Trace, threads: Int) -> Matrix {
        second.gradient = .dense(
            .product(trace.hidden, transposeA: true, outputGradient, threads: threads)
        )
        var gradient = Matrix.product(
            outputGradient,
            second.value,
            transposeB: true,
            threads: threads
        )
        gradient.maskGradient(byOutput: trace.hidden, threads: threads)
        first.gradient = .dense(.product(trace.input, transposeA: true, gradient, threads: threads))
        bias.gradient = .dense(gradient.columnSums())
        return .product(gradient, first.value, transposeB: true, threads: threads)
    }
}
