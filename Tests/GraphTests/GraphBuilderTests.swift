import Files
import Foundation
import Glibc
import Graph
import TestSupport
import Testing

struct GraphBuilderTests {
    private let contextCount = 23
    private let itemCount = 41

    /// The edges with times on some of them.
    private func timed(_ edges: [Edge]) -> [Edge] {
        edges.enumerated().map { number, edge in
            var edge = edge
            edge.time = number % 3 == 0 ? nil : Int64((number * 37) % 101) - 50
            return edge
        }
    }

    private func build(
        _ edges: [Edge],
        memory: Int,
        repeated: RepeatedEdges = .add,
        at url: URL
    ) throws -> Graph {
        var builder = GraphBuilder(at: url, repeated: repeated, memory: memory)
        for edge in edges {
            try builder.append(edge)
        }
        return try builder.finish(contextCount: contextCount, itemCount: itemCount)
    }

    // 48 bytes of memory are one record a run; 5000 are some hundred.
    @Test(arguments: [48, 96, 5000], [false, true])
    func `runs that are merged make the bytes of a build in memory`(
        memory: Int,
        isWeighted: Bool
    ) throws {
        try withTemporaryFolder { folder in
            let edges = timed(
                randomEdges(
                    2500,
                    contextCount: contextCount,
                    itemCount: itemCount,
                    isWeighted: isWeighted,
                    seed: 9
                )
            )
            let whole = folder.appendingPathComponent("whole.csr")
            let merged = folder.appendingPathComponent("merged.csr")
            let graph = try build(edges, memory: 1 << 24, at: whole)
            #expect(graph.contexts.isWeighted && graph.contexts.isTimed)
            _ = try build(edges, memory: memory, at: merged)
            #expect(try Data(contentsOf: merged) == Data(contentsOf: whole))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.sorted() == ["merged.csr", "whole.csr"])
        }
    }

    @Test func `weights add up in the order of the edges, whatever the memory`() throws {
        try withTemporaryFolder { folder in
            // Sums that depend on their order.
            let weights: [Float] = [1e8, 1, 1, 1, 1, 1, 1, 1e-3, 3e7]
            let edges = weights.map { Edge(context: 0, item: 0, weight: $0) }
            for memory in [1, 150, 1 << 20] {
                let url = folder.appendingPathComponent("graph.csr")
                let graph = try build(edges, memory: memory, at: url)
                #expect(graph.contexts.weight(at: 0) == weights.reduce(0, +))
            }
        }
    }

    @Test func `an edge that is named twice is one, where repetition is ignored`() throws {
        try withTemporaryFolder { folder in
            let graph = try build(
                [Edge(context: 1, item: 2), Edge(context: 1, item: 2), Edge(context: 1, item: 3)],
                memory: 1 << 10,
                repeated: .ignore,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect(graph.edges == [Edge(context: 1, item: 2), Edge(context: 1, item: 3)])
            #expect(!graph.contexts.isWeighted)
        }
    }

    @Test func `times are kept, the earliest of each pair`() throws {
        try withTemporaryFolder { folder in
            let graph = try build(
                [
                    Edge(context: 0, item: 2, time: 5), Edge(context: 0, item: 1),
                    Edge(context: 0, item: 2, time: -3), Edge(context: 0, item: 0, time: 9),
                    Edge(context: 0, item: 2), Edge(context: 0, item: 0, time: 9),
                ],
                memory: 1 << 10,
                at: folder.appendingPathComponent("graph.csr")
            )
            #expect(graph.contexts.isTimed && !graph.items.isTimed)
            #expect((0..<3).map(graph.contexts.time(at:)) == [9, nil, -3])
            #expect(graph.edges.map(\.time) == [9, nil, -3])
            #expect(graph.edges.map(\.weight) == [2, 1, 3])
        }
    }

    @Test func `a builder that is dropped leaves nothing, and the old graph`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("graph.csr")
            let old = try build([Edge(context: 0, item: 0)], memory: 1 << 10, at: url)
            do {
                var builder = GraphBuilder(at: url, memory: 48)
                for number in 0..<100 {
                    try builder.append(Edge(context: UInt32(number % 7), item: 1))
                }
            }
            #expect(try Graph(contentsOf: url).checksum == old.checksum)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["graph.csr"])
        }
    }

    // Room for the runs of 5760 bytes but not for the graph of 5952, and for neither.
    @Test(arguments: [5900, 100])
    func `a disk without room is an error, and leaves nothing`(room: Int) async throws {
        await #expect(processExitsWith: .success) { [room] in
            try withTemporaryFolder { folder in
                // A file may not grow beyond the limit: the write fails, as on a full disk.
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: rlim_t(room), rlim_max: rlim_t(room))
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                do {
                    var builder = GraphBuilder(
                        at: folder.appendingPathComponent("graph.csr"),
                        memory: 1000
                    )
                    for number in 0..<240 {
                        try builder.append(Edge(context: UInt32(number), item: UInt32(number)))
                    }
                    _ = try builder.finish(contextCount: 240, itemCount: 240)
                    exit(1)
                } catch let error as FileError {
                    let isEmpty = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                        .isEmpty
                    exit(isEmpty && error.description.contains("cannot write") ? 0 : 2)
                }
            }
        }
    }
}
