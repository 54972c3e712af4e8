import Evaluation
import Foundation
import Graph
import TestSupport
import Testing
import Training
import Vectors

struct SpectralTests {
    private func vectors(
        of graph: Graph,
        dimension: Int,
        threads: Int = 1,
        _ change: (inout SpectralSettings) -> Void = { _ in }
    ) -> Matrix {
        var settings = SpectralSettings()
        change(&settings)
        return spectralVectors(
            of: graph,
            dimension: dimension,
            settings: settings,
            seed: 5,
            threads: threads
        )
    }

    @Test func `spectral vectors span the leading singular directions of the adjacency`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            // At power 1 and without lengthening, V S S V^T over all directions is A^T A itself, up
            // to the scale.
            let all = vectors(of: graph, dimension: Communities.itemCount) {
                $0.power = 1
                $0.lengthening = 0
                $0.damping = 0.3
                $0.rounds = 30
            }
            var products = Matrix(rows: graph.itemCount, columns: graph.itemCount)
            for context in 0..<graph.contextCount {
                let positions = graph.contexts.positions(of: context)
                let entries = positions.map { position in
                    let item = graph.contexts.neighbour(at: position)
                    let damping = Float(pow(Double(graph.items.degree(of: item)), -0.3))
                    return (item, graph.contexts.weight(at: position) * damping)
                }
                for (a, left) in entries {
                    for (b, right) in entries {
                        products[a, b] += left * right / Float(entries.count)
                    }
                }
            }
            let squares = innerProduct(all.elements.span, all.elements.span)
            let trace = (0..<graph.itemCount).reduce(Float(0)) { $0 + products[$1, $1] }
            let scale = squares / trace
            for a in 0..<graph.itemCount {
                for b in 0..<graph.itemCount {
                    let found = innerProduct(all.row(a).span, all.row(b).span)
                    #expect(abs(found - scale * products[a, b]) < 5e-3 * scale)
                }
            }
        }
    }

    @Test func `items without edges have zeros, the others a mean squared length of one`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let found = vectors(of: graph, dimension: 6, threads: 2)
            #expect(found.row(Communities.itemCount - 1).allSatisfy { $0 == 0 })
            let squares = innerProduct(found.elements.span, found.elements.span)
            #expect(abs(squares / Float(graph.connectedItems.count) - 1) < 1e-4)
            #expect(found == vectors(of: graph, dimension: 6, threads: 2))
        }
    }

    @Test(arguments: [1e-20, 1_718_000_000, 1e30] as [Float])
    func `weights of any scale give the same vectors`(weight: Float) throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let weighted = try Graph.build(
                graph.edges.map { edge in
                    var edge = edge
                    edge.weight *= weight
                    return edge
                },
                contextCount: graph.contextCount,
                itemCount: graph.itemCount,
                at: folder.appendingPathComponent("weighted.csr")
            )
            let (found, expected) = (
                vectors(of: weighted, dimension: 4), vectors(of: graph, dimension: 4)
            )
            // Up to the signs of directions, which rounding decides.
            for (a, b) in zip(found.elements, expected.elements) {
                #expect(abs(abs(a) - abs(b)) < 1e-3)
            }
        }
    }

    @Test func `a catalogue smaller than the dimension fills up with zeros`() throws {
        try withTemporaryFolder { folder in
            let found = vectors(of: try Communities(in: folder).graph, dimension: 64)
            #expect(found.columns == 64 && found.firstRowNotFinite == nil)
        }
    }

    @Test func `whitening evens out the strengths of directions`() throws {
        var generator = SeededGenerator(seed: 9)
        let strengths: [Float] = [8, 2, 0.5]
        var sample = Matrix(rows: 4000, columns: 3)
        for row in 0..<sample.rows {
            for column in 0..<3 {
                sample[row, column] = strengths[column] * generator.normal()
            }
        }
        #expect(whitening(sample, rows: Array(0..<4000), strength: 0) == nil)
        let map = try #require(whitening(sample, rows: Array(0..<4000), strength: 0.5))
        // At strength 1/2 each direction is divided by its own spread.
        let ratios = [map[0, 0] * 8, map[1, 1] * 2, map[2, 2] * 0.5].map { $0 / (map[0, 0] * 8) }
        #expect(ratios.allSatisfy { abs($0 - 1) < 0.05 })
        #expect(abs(map[0, 1]) < 0.05 * map[2, 2])
    }
}
