import Foundation
import PinSage
import Sampling
import TestSupport
import Testing
import Training
import Vectors

struct SubgraphBuilderTests {
    private let items = [7, 3, 24, 7, 15, 3]

    /// S(K) down to S(0) by the definition: each set is the one before and its neighbours.
    private func expansion(
        _ items: [Int],
        layers: Int,
        _ neighbourhoods: Neighbourhoods
    ) -> [Set<Int>] {
        var sets = [Set(items)]
        for _ in 0..<layers {
            let last = sets[sets.count - 1]
            let fellows = last.flatMap { item in
                neighbourhoods.neighbours[neighbourhoods.range(of: item)].map { Int($0) }
            }
            sets.append(last.union(fellows))
        }
        return sets
    }

    @Test(arguments: 1...3)
    func `a subgraph is the expansion of its items, layer by layer`(layers: Int) throws {
        try withTemporaryFolder { folder in
            let neighbourhoods = try Communities(in: folder).neighbourhoods
            var builder = SubgraphBuilder(.kept(neighbourhoods))
            let (subgraph, _) = builder.build(items, layers: layers)
            let sets = expansion(items, layers: layers, neighbourhoods)
            let nodes = subgraph.nodes.map { Int($0) }
            #expect(Set(nodes).count == nodes.count)
            #expect(Set(nodes) == sets[layers])
            #expect(subgraph.blocks.count == layers)
            #expect(subgraph.targetCount == sets[0].count)
            for (block, depth) in zip(subgraph.blocks.reversed(), 0...) {
                // The first nodes are the targets, and the sources go on from there.
                #expect(Set(nodes[..<block.targetCount]) == sets[depth])
                #expect(Set(nodes[..<block.sourceCount]) == sets[depth + 1])
                for target in 0..<block.targetCount {
                    let found = block.neighbourhoods
                    let range = found.offsets[target]..<found.offsets[target + 1]
                    let expected = neighbourhoods.range(of: nodes[target])
                    #expect(
                        found.columns[range].map { subgraph.nodes[Int($0)] }
                            == Array(neighbourhoods.neighbours[expected])
                    )
                    #expect(
                        Array(found.values[range])
                            == Array(neighbourhoods.importances[expected])
                    )
                }
            }
        }
    }

    @Test func `an item that is named twice has one row`() throws {
        try withTemporaryFolder { folder in
            var builder = SubgraphBuilder(.kept(try Communities(in: folder).neighbourhoods))
            let (subgraph, rows) = builder.build(items, layers: 2)
            #expect(rows == [0, 1, 2, 0, 3, 1])
            #expect(rows.map { Int(subgraph.nodes[$0]) } == items)
            #expect(subgraph.targetCount == 4)
        }
    }

    @Test func `what was built before leaves no trace`() throws {
        try withTemporaryFolder { folder in
            let neighbourhoods = try Communities(in: folder).neighbourhoods
            var (used, fresh) = (
                SubgraphBuilder(.kept(neighbourhoods)), SubgraphBuilder(.kept(neighbourhoods))
            )
            _ = used.build(Array(0..<Communities.itemCount), layers: 2)
            _ = used.build([3, 20], layers: 1)
            let (again, first) = (used.build(items, layers: 2), fresh.build(items, layers: 2))
            #expect(again.subgraph == first.subgraph)
            #expect(again.rowOfItem == first.rowOfItem)
        }
    }

    @Test func `no items need no nodes, and one without edges only itself`() throws {
        try withTemporaryFolder { folder in
            var builder = SubgraphBuilder(.kept(try Communities(in: folder).neighbourhoods))
            let none = builder.build([], layers: 2)
            #expect(none.subgraph.nodes.isEmpty && none.rowOfItem.isEmpty)
            let alone = builder.build([24], layers: 2).subgraph
            #expect(alone.nodes == [24])
            #expect(alone.blocks.allSatisfy { $0.neighbourhoods.columns.isEmpty })
        }
    }

    @Test(arguments: [true, false], [1, 2, 3])
    func `all items at once have the embeddings that they have one by one`(
        residual: Bool,
        layers: Int
    ) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var settings = communities.settings.model
            settings.residual = residual
            settings.layers = layers
            let model = Model(settings, itemCount: Communities.itemCount, seed: 8)
            let inputs = communities.inputs
            let all = communities.embeddings(model, threads: 2)
            #expect(all.rows == Communities.itemCount && all.columns == settings.dimension)
            var builder = SubgraphBuilder(.kept(communities.neighbourhoods))
            for item in 0..<Communities.itemCount {
                let (subgraph, _) = builder.build([item], layers: layers)
                let gathered = inputs.gather(subgraph.nodes) { _ in false }
                let one = model.forward(subgraph, of: gathered, threads: 1).embeddings
                for (a, b) in zip(one.row(0), all.row(item)) {
                    #expect(abs(a - b) < 1e-5)
                }
            }
        }
    }
}
