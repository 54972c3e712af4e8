import Foundation
import Graph
import Vectors

/// The bytes of a graph file that hold the values of one direction, made by hand from the layout
/// in the design.
struct FileBytes {
    var bytes: [UInt8] = []

    mutating func append<Integer: FixedWidthInteger>(_ numbers: [Integer]) {
        for number in numbers {
            for index in 0..<Integer.bitWidth / 8 {
                bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index)))
            }
        }
    }

    /// Zeros up to the next multiple of 64 bytes.
    mutating func pad() {
        bytes += [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
    }
}

/// Random edges, many of them more than once.
func randomEdges(
    _ count: Int,
    contextCount: Int,
    itemCount: Int,
    isWeighted: Bool,
    seed: UInt64
) -> [Edge] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        Edge(
            context: UInt32(generator.index(below: contextCount)),
            item: UInt32(generator.index(below: itemCount)),
            // Quarters, so that sums are exact in any order.
            weight: isWeighted ? Float(1 + generator.index(below: 12)) / 4 : 1
        )
    }
}

/// Three contexts, five items; item 3 has no edge, and context 1 has one item.
let smallEdges = [
    Edge(context: 2, item: 0), Edge(context: 0, item: 4), Edge(context: 0, item: 1),
    Edge(context: 1, item: 2), Edge(context: 2, item: 4), Edge(context: 0, item: 2),
]

func smallGraph(in folder: URL, weight: Float = 1) throws -> URL {
    let url = folder.appendingPathComponent("graph.csr")
    var edges = smallEdges
    edges[0].weight = weight
    _ = try Graph.build(edges, contextCount: 3, itemCount: 5, at: url)
    return url
}
