import Testing
import Vectors

@testable import PinSage

/// The hand-written backward passes against central differences.
struct GradientTests {
    /// Two layers over five items; the targets are items 3 and 1, and item 4 has no neighbours.
    private static let subgraph = Subgraph(
        nodes: [3, 1, 0, 4, 2],
        blocks: [
            Block(
                sourceCount: 5,
                neighbourhoods: SparseRows(
                    offsets: [0, 2, 4, 5, 5],
                    columns: [1, 2, 3, 4, 0],
                    values: [0.75, 0.25, 0.5, 0.5, 1]
                )
            ),
            Block(
                sourceCount: 4,
                neighbourhoods: SparseRows(
                    offsets: [0, 2, 4],
                    columns: [2, 1, 0, 3],
                    values: [0.6, 0.4, 0.3, 0.7]
                )
            ),
        ]
    )
    private static let inputs = ItemInputs(
        content: SparseRows(
            offsets: [0, 2, 3, 3, 5, 7],
            columns: [0, 3, 2, 5, 0, 1, 3],
            values: [0.8, 0.6, 1, 0.7, 0.7, 0.6, 0.8]
        ),
        logDegrees: [0.5, 1, 1.5, 0, 2],
        identities: [0, 1, 2, nil, 3],
        dense: Matrix(
            rows: 5,
            columns: 2,
            elements: [0.3, -0.2, 0.5, 0.1, -0.4, 0.6, 0.2, 0.2, -0.1, 0.7]
        )
    )

    /// The inputs of the subgraph's nodes.
    private static let nodeInputs = inputs.gather(subgraph.nodes) { _ in false }

    private static func settings(
        residual: Bool,
        identity: Bool,
        pooling: Pooling = .importance,
        normalise: Bool = true
    ) -> ModelSettings {
        var settings = ModelSettings()
        settings.pooling = pooling
        settings.normalise = normalise
        settings.hidden = 6
        settings.dimension = 5
        settings.buckets = 7
        settings.dense = 2
        settings.residual = residual
        settings.identity = identity
        return settings
    }

    /// A smooth loss of the embeddings whose gradient is known: half the squared distance to fixed
    /// values.
    private static func loss(_ embeddings: Matrix) -> Double {
        zip(embeddings.elements, target(embeddings).elements).reduce(0) {
            $0 + 0.5 * Double($1.0 - $1.1) * Double($1.0 - $1.1)
        }
    }

    private static func target(_ embeddings: Matrix) -> Matrix {
        Matrix(
            rows: embeddings.rows,
            columns: embeddings.columns,
            elements: embeddings.elements.indices.map { Float($0 % 7) / 7 - 0.4 }
        )
    }

    @Test(
        arguments: [
            settings(residual: true, identity: true),
            settings(residual: true, identity: false),
            settings(residual: false, identity: true),
            settings(residual: false, identity: false, normalise: false),
            settings(residual: true, identity: true, pooling: .mean),
            settings(residual: true, identity: true, pooling: .max),
            settings(residual: false, identity: true, pooling: .max, normalise: false),
        ]
    )
    func `every parameter's gradient agrees with finite differences`(
        settings: ModelSettings
    ) throws {
        var model = Model(
            settings,
            itemCount: 4,
            seed: 12
        )
        // Biases start at zero; with values of their own no ReLU sits at its corner.
        model.updateParameters { parameter in
            for index in parameter.value.elements.indices {
                parameter.value.elements[index] += 0.05 * Float((index * 7 + 3) % 5)
            }
        }
        let pass = model.forward(Self.subgraph, of: Self.nodeInputs, threads: 1)
        var gradient = pass.embeddings
        for index in gradient.elements.indices {
            gradient.elements[index] -= Self.target(pass.embeddings).elements[index]
        }
        model.backward(gradient, pass, Self.subgraph, threads: 2)

        // Small, so that hardly a ReLU turns on or off between the two sides.
        let step: Float = 1e-3
        var compared = 0
        for parameter in model.parameters {
            let analytic = parameter.denseGradient
            // Rounding is of the size of the largest values.
            let largest = analytic.elements.map(abs).max() ?? 0
            for index in parameter.value.elements.indices {
                let slope = [step, -step].map { change in
                    var copy = model
                    copy.updateParameters {
                        if $0.name == parameter.name { $0.value.elements[index] += change }
                    }
                    return Self.loss(
                        copy.forward(Self.subgraph, of: Self.nodeInputs, threads: 1).embeddings
                    )
                }
                let numeric = Float((slope[0] - slope[1]) / Double(2 * step))
                let scale = max(0.02, 0.2 * largest, abs(numeric), abs(analytic.elements[index]))
                let error = abs(numeric - analytic.elements[index]) / scale
                #expect(error < 0.03, "\(parameter.name)[\(index)]")
                compared += 1
            }
        }
        #expect(compared > 200)
    }

    @Test func `the gradient does not depend on the number of threads`() {
        let settings = Self.settings(residual: true, identity: true)
        let gradients = [1, 2, 5].map { threads in
            var model = Model(settings, itemCount: 4, seed: 3)
            let pass = model.forward(Self.subgraph, of: Self.nodeInputs, threads: threads)
            model.backward(pass.embeddings, pass, Self.subgraph, threads: threads)
            return model.parameters.map(\.gradient)
        }
        #expect(gradients[0] == gradients[1])
        #expect(gradients[0] == gradients[2])
    }
}

extension Parameter {
    /// The gradient as a matrix of the parameter's own shape.
    fileprivate var denseGradient: Matrix {
        switch gradient {
        case .none: return Matrix(rows: value.rows, columns: value.columns)
        case .dense(let matrix): return matrix
        case .rows(let rows, let values):
            var dense = Matrix(rows: value.rows, columns: value.columns)
            for (place, row) in rows.enumerated() {
                for column in 0..<value.columns {
                    dense[row, column] = values[place, column]
                }
            }
            return dense
        }
    }
}
