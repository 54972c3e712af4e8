import BLAS
import Vectors

/// Turns what is known of an item into the vector h(0) that the first convolve layer reads.
///
/// The paper concatenates given content vectors with the log degree. Here the content vector is
/// learnt: the weighted sum of a trained row for each hashed word or field, plus the log degree
/// times a trained row, plus the item's own trained row, plus a trained map of the dense vector
/// that the item came with.
struct InputLayer: Sendable, Equatable {
    var content: Parameter  // (buckets, d)
    var degree: Parameter  // (1, d)
    var identity: Parameter?  // (items in training, d)
    var dense: Parameter?  // (f, d)

    struct Trace: Sendable {
        var content: SparseRows
        var identity: SparseRows
        var logDegrees: Matrix  // (n, 1)
        var dense: Matrix  // (n, f)
        var output: Matrix  // (n, d)
    }

    init<Source: ParameterSource>(
        _ settings: ModelSettings,
        itemCount: Int,
        from source: inout Source
    ) throws(Source.Failure) {
        let dimension = settings.dimension
        // The rows of an item's words have weights of squared sum 1, so the sum has length 1.
        let deviation = 1 / Float(dimension).squareRoot()
        content = try source.parameter(
            "input.content",
            rows: settings.buckets,
            columns: dimension,
            deviation: deviation
        )
        degree = try source.parameter("input.degree", rows: 1, columns: dimension)
        if settings.identity {
            identity = try source.parameter(
                "input.identity",
                rows: itemCount,
                columns: dimension,
                deviation: deviation
            )
        }
        if settings.dense > 0 {
            dense = try source.parameter(
                "input.dense",
                rows: settings.dense,
                columns: dimension,
                deviation: 1 / Float(settings.dense).squareRoot()
            )
        }
    }

    /// Shapes: `inputs` of n nodes -> output (n, d).
    func forward(_ inputs: ItemInputs, threads: Int) -> Trace {
        var trace = Trace(
            content: inputs.content,
            identity: identity == nil
                ? SparseRows(offsets: [0], columns: [], values: [])
                : .selection(inputs.identities),
            logDegrees: Matrix(
                rows: inputs.itemCount,
                columns: 1,
                elements: inputs.logDegrees
            ),
            dense: inputs.dense,
            output: Matrix(rows: inputs.itemCount, columns: content.value.columns)
        )
        trace.content.addProduct(with: content.value, to: &trace.output, threads: threads)
        if let identity {
            trace.identity.addProduct(with: identity.value, to: &trace.output, threads: threads)
        }
        trace.output.addProduct(trace.logDegrees, degree.value, threads: threads)
        if let dense {
            trace.output.addProduct(trace.dense, dense.value, threads: threads)
        }
        return trace
    }

    /// Sets the gradients of the parameters from that of the output (n, d).
    mutating func backward(_ outputGradient: Matrix, _ trace: Trace, threads: Int) {
        content.gradient = trace.content.rowGradient(
            outputGradient,
            columnCount: content.value.rows,
            threads: threads
        )
        if let count = identity?.value.rows {
            identity?.gradient = trace.identity.rowGradient(
                outputGradient,
                columnCount: count,
                threads: threads
            )
        }
        degree.gradient = .dense(
            .product(trace.logDegrees, transposeA: true, outputGradient, threads: threads)
        )
        dense?.gradient = .dense(
            .product(trace.dense, transposeA: true, outputGradient, threads: threads)
        )
    }
}

extension SparseRows {
    /// The matrix that picks one row for each index, or nothing for nil.
    fileprivate static func selection(_ indices: [UInt32?]) -> SparseRows {
        var offsets = [0]
        offsets.reserveCapacity(indices.count + 1)
        for index in indices {
            offsets.append(offsets[offsets.count - 1] + (index == nil ? 0 : 1))
        }
        let columns = indices.compactMap(\.self)
        return SparseRows(
            offsets: offsets,
            columns: columns,
            values: [Float](repeating: 1, count: columns.count)
        )
    }

    /// The gradient of the table that this matrix multiplies: only the rows that it names.
    fileprivate func rowGradient(
        _ outputGradient: Matrix,
        columnCount: Int,
        threads: Int
    ) -> Parameter.Gradient {
        let (touched, compact) = transposed(columnCount: columnCount).compacted()
        var values = Matrix(rows: touched.count, columns: outputGradient.columns)
        compact.addProduct(with: outputGradient, to: &values, threads: threads)
        return .rows(touched, values: values)
    }

    /// The rows that have entries: their numbers, and a matrix of just them.
    private func compacted() -> (rows: [Int], matrix: SparseRows) {
        let touched = (0..<rowCount).filter { offsets[$0] < offsets[$0 + 1] }
        let starts = touched.map { offsets[$0] } + [columns.count]
        return (touched, SparseRows(offsets: starts, columns: columns, values: values))
    }
}
