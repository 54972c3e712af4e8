package import PinSage
package import Sampling
package import Vectors

/// Finds the nodes that a batch needs, layer by layer, and re-indexes their neighbourhoods.
///
/// Source: Algorithm 2, lines 1 to 7, and the re-indexing of section 3.3.
package struct SubgraphBuilder: Sendable {
    private let neighbourhoods: NeighbourhoodSource
    /// Each item's row in the subgraph under construction, or -1; all -1 between two calls.
    private var rows: [Int32]

    package init(_ neighbourhoods: NeighbourhoodSource) {
        self.neighbourhoods = neighbourhoods
        rows = [Int32](repeating: -1, count: neighbourhoods.itemCount)
    }

    /// The subgraph that computes the embeddings of `items` through `layers` layers.
    ///
    /// An item may be named more than once; `rowOfItem` tells for each place of `items` its row
    /// among the targets. Items of `cold` are taken to have no neighbourhood.
    package mutating func build(
        _ items: some Collection<Int>,
        layers: Int,
        without cold: RandomShare = .none
    ) -> (subgraph: Subgraph, rowOfItem: [Int]) {
        var nodes: [UInt32] = []
        let rowOfItem = items.map { Int(row(of: $0, in: &nodes)) }
        // Row k's neighbourhood.
        var found = Neighbourhoods()
        // The last layer's block comes first: its sources are the next one's targets.
        var blocks: [Block] = []
        for _ in 0..<layers {
            let targetCount = nodes.count
            let strangers = nodes[found.itemCount...].map { Int($0) }
            found.append(neighbourhoods.neighbourhoods(of: strangers, threads: 1))
            var offsets = [0]
            var sources: [UInt32] = []
            var importances: [Float] = []
            offsets.reserveCapacity(targetCount + 1)
            for target in 0..<targetCount {
                let range = cold.contains(Int(nodes[target])) ? 0..<0 : found.range(of: target)
                for position in range {
                    let neighbour = Int(found.neighbours[position])
                    sources.append(UInt32(row(of: neighbour, in: &nodes)))
                }
                importances += found.importances[range]
                offsets.append(sources.count)
            }
            blocks.append(
                Block(
                    sourceCount: nodes.count,
                    neighbourhoods: SparseRows(
                        offsets: offsets,
                        columns: sources,
                        values: importances
                    )
                )
            )
        }
        for node in nodes {
            rows[Int(node)] = -1
        }
        return (Subgraph(nodes: nodes, blocks: blocks.reversed()), rowOfItem)
    }

    private mutating func row(of item: Int, in nodes: inout [UInt32]) -> Int32 {
        if rows[item] < 0 {
            rows[item] = Int32(nodes.count)
            nodes.append(UInt32(item))
        }
        return rows[item]
    }
}
