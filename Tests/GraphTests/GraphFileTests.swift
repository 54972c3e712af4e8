import Files
import Foundation
import Graph
import TestSupport
import Testing

/// The bytes of a graph's file.
struct GraphFileTests {
    /// The file of `smallEdges`; the header's checksum is that of the bytes behind it.
    private func golden(weights: (contexts: [Float], items: [Float])?) -> [UInt8] {
        var body = FileBytes()
        body.append([0, 3, 4, 6] as [UInt64])
        body.pad()
        body.append([1, 2, 4, 2, 0, 4] as [UInt32])
        body.pad()
        body.append((weights?.contexts ?? []).map(\.bitPattern))
        body.pad()
        body.append([0, 1, 2, 4, 4, 6] as [UInt64])
        body.pad()
        body.append([2, 0, 0, 1, 0, 2] as [UInt32])
        body.pad()
        body.append((weights?.items ?? []).map(\.bitPattern))
        body.pad()
        var file = FileBytes(bytes: Array("CORKGRPH".utf8))
        file.append([1, weights == nil ? 0 : 1] as [UInt32])
        file.append([3, 5, 6] as [UInt64])
        file.append([unsafe Checksum(of: body.bytes.span.bytes).value])
        file.pad()
        return file.bytes + body.bytes
    }

    @Test func `a graph without weights has the bytes of the layout`() throws {
        try withTemporaryFolder { folder in
            let url = try smallGraph(in: folder)
            #expect(try [UInt8](Data(contentsOf: url)) == golden(weights: nil))
            // The whole file's digest, computed by another program from the layout alone.
            let digest = "97d10ba8554b16d4280f84663c63d8fb66e51d8f75599ee809bb1c7b6aa44858"
            #expect(try sha256(ofFileAt: url) == digest)
        }
    }

    @Test func `a graph with weights has the bytes of the layout`() throws {
        try withTemporaryFolder { folder in
            let url = try smallGraph(in: folder, weight: 2.5)
            let expected = golden(weights: ([1, 1, 1, 1, 2.5, 1], [2.5, 1, 1, 1, 1, 1]))
            #expect(try [UInt8](Data(contentsOf: url)) == expected)
            let graph = try Graph(contentsOf: url)
            #expect(graph.contexts.isWeighted && graph.items.isWeighted)
            #expect(graph.contexts.weight(of: 2, at: 0) == 2.5)
            #expect(graph.items.weight(of: 0, at: 0) == 2.5)
            #expect(graph.items.weight(of: 4, at: 1) == 1)
        }
    }

    @Test func `the same edges in another order make the same bytes`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("other.csr")
            let edges = smallEdges.reversed() as [Edge]
            _ = try Graph.build(edges, contextCount: 3, itemCount: 5, at: url)
            #expect(try [UInt8](Data(contentsOf: url)) == golden(weights: nil))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["other.csr"])
        }
    }

    @Test func `times lie behind the items of the contexts`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("graph.csr")
            let edges = [Edge(context: 0, item: 1, time: 7), Edge(context: 0, item: 0)]
            _ = try Graph.build(edges, contextCount: 1, itemCount: 2, at: url)
            var body = FileBytes()
            body.append([0, 2] as [UInt64])
            body.pad()
            body.append([0, 1] as [UInt32])
            body.pad()
            body.append([.min, 7] as [Int64])
            body.pad()
            body.append([0, 1, 2] as [UInt64])
            body.pad()
            body.append([0, 0] as [UInt32])
            body.pad()
            var file = FileBytes(bytes: Array("CORKGRPH".utf8))
            file.append([1, 2] as [UInt32])
            file.append([1, 2, 2] as [UInt64])
            file.append([unsafe Checksum(of: body.bytes.span.bytes).value])
            file.append([2] as [UInt32])
            file.pad()
            #expect(try [UInt8](Data(contentsOf: url)) == file.bytes + body.bytes)
            #expect(try Graph(contentsOf: url).contexts.time(at: 1) == 7)
        }
    }

    @Test func `a file made by hand is read`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("graph.csr")
            try Data(golden(weights: nil)).write(to: url)
            let graph = try Graph(contentsOf: url)
            let sorted = smallEdges.sorted { ($0.context, $0.item) < ($1.context, $1.item) }
            #expect(graph.edges == sorted)
        }
    }
}
