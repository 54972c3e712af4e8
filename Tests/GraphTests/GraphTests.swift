import Foundation
import Graph
import TestSupport
import Testing

struct GraphTests {
    /// The edges by pairs, each once, with the sum of its weights.
    private func merged(_ edges: [Edge]) -> [[UInt32]: Float] {
        edges.reduce(into: [:]) { $0[[$1.context, $1.item], default: 0] += $1.weight }
    }

    @Test(arguments: [false, true], [0, 1, 40, 400])
    func `both directions are those of a table of pairs`(isWeighted: Bool, count: Int) throws {
        try withTemporaryFolder { folder in
            let (contextCount, itemCount) = (17, 30)
            let edges = randomEdges(
                count,
                contextCount: contextCount,
                itemCount: itemCount,
                isWeighted: isWeighted,
                seed: UInt64(count)
            )
            let graph = try Graph.build(
                edges,
                contextCount: contextCount,
                itemCount: itemCount,
                at: folder.appendingPathComponent("graph.csr")
            )
            let table = merged(edges)
            #expect(graph.contextCount == contextCount && graph.itemCount == itemCount)
            #expect(graph.edgeCount == table.count)
            #expect(graph.connectedItems == Set(edges.map { Int($0.item) }).sorted())
            #expect(merged(graph.edges) == table)
            for context in 0..<contextCount {
                let items = (0..<itemCount).filter { table[[UInt32(context), UInt32($0)]] != nil }
                #expect(neighbours(graph.contexts, of: context) == items)
                for (index, item) in items.enumerated() {
                    let weight = table[[UInt32(context), UInt32(item)]]
                    #expect(graph.contexts.weight(of: context, at: index) == weight)
                }
            }
            for item in 0..<itemCount {
                let contexts = (0..<contextCount).filter {
                    table[[UInt32($0), UInt32(item)]] != nil
                }
                #expect(neighbours(graph.items, of: item) == contexts)
                for (index, context) in contexts.enumerated() {
                    let weight = table[[UInt32(context), UInt32(item)]]
                    #expect(graph.items.weight(of: item, at: index) == weight)
                }
            }
        }
    }

    private func neighbours(_ adjacency: Adjacency, of row: Int) -> [Int] {
        #expect(adjacency.positions(of: row).count == adjacency.degree(of: row))
        return (0..<adjacency.degree(of: row)).map { adjacency.neighbour(of: row, at: $0) }
    }

    @Test func `an edge that is named twice is one of double weight`() throws {
        try withTemporaryFolder { folder in
            let graph = try Graph.build(
                [Edge(context: 0, item: 0), Edge(context: 0, item: 1), Edge(context: 0, item: 0)],
                contextCount: 1,
                itemCount: 2,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect(
                graph.edges == [Edge(context: 0, item: 0, weight: 2), Edge(context: 0, item: 1)]
            )
        }
    }

    @Test func `items and contexts without edges are there, at the ends too`() throws {
        try withTemporaryFolder { folder in
            let graph = try Graph.build(
                [Edge(context: 2, item: 3)],
                contextCount: 5,
                itemCount: 7,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect((0..<5).map { graph.contexts.degree(of: $0) } == [0, 0, 1, 0, 0])
            #expect((0..<7).map { graph.items.degree(of: $0) } == [0, 0, 0, 1, 0, 0, 0])
            #expect(graph.connectedItems == [3])
        }
    }

    @Test func `a graph without some edges keeps the others as they are`() throws {
        try withTemporaryFolder { folder in
            let graph = try Graph.build(
                [
                    Edge(context: 0, item: 2, weight: 3, time: 5), Edge(context: 1, item: 0),
                    Edge(context: 2, item: 1, time: 7), Edge(context: 2, item: 3),
                ],
                contextCount: 3,
                itemCount: 5,
                at: folder.appendingPathComponent("graph.csr")
            )
            let left = try graph.filtered(to: folder.appendingPathComponent("left.csr")) {
                context,
                position in context != 1 && position != 3
            }
            #expect(left.edges == [graph.edges[0], graph.edges[2]])
            #expect(left.contextCount == 3 && left.itemCount == 5)
        }
    }

    @Test func `a graph of nothing is a graph`() throws {
        try withTemporaryFolder { folder in
            let graph = try Graph.build(
                [],
                contextCount: 0,
                itemCount: 0,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect(graph.edges.isEmpty && graph.itemCount == 0 && graph.contextCount == 0)
        }
    }

    @Test func `an edge of an item that does not exist is a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            try withTemporaryFolder { folder in
                _ = try Graph.build(
                    [Edge(context: 0, item: 2)],
                    contextCount: 1,
                    itemCount: 2,
                    at: folder.appendingPathComponent("graph.csr")
                )
            }
        }
    }
}
