import Evaluation
import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Training

struct TrainingRunTests {
    @Test func `held-out edges are gone from the graph, and leave every context a pair`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let split = try ValidationSplit(
                of: graph,
                count: 1000,
                seed: 3,
                file: folder.appendingPathComponent("rest.csr")
            )
            let heldOut = split.contexts.reduce(0) { $0 + $1.heldOut.count }
            #expect(split.pairs.count == heldOut && heldOut >= graph.edgeCount / 20)
            #expect(split.graph.edgeCount == graph.edgeCount - heldOut)
            #expect(split.graph.itemCount == graph.itemCount)
            let rest = split.graph.edges
            #expect(rest.allSatisfy { graph.edges.contains($0) })
            let lost = graph.edges.filter { !rest.contains($0) }
            #expect(lost.map { Int($0.item) }.sorted() == split.pairs.map(\.item).sorted())
            for edge in lost {
                let degree = graph.contexts.degree(of: Int(edge.context))
                let kept = split.graph.contexts.degree(of: Int(edge.context))
                #expect(kept >= 2 && degree - kept == max(1, degree / 5))
            }
            for pair in split.pairs {
                #expect(pair.query != pair.item)
            }
        }
    }

    @Test func `no validation leaves the graph as it is`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let file = folder.appendingPathComponent("rest.csr")
            let split = try ValidationSplit(of: graph, count: 0, seed: 3, file: file)
            #expect(split.pairs.isEmpty && split.graph.edges == graph.edges)
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func `a run tells every step, validates every epoch, and ends`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var settings = communities.settings
            settings.epochs = 2
            let catalogue = TrainingRun.Catalogue(
                graph: communities.graph,
                ids: Communities.ids,
                contents: Communities.contents,
                dense: nil
            )
            var run = try TrainingRun(
                settings,
                on: catalogue,
                graphFile: folder.appendingPathComponent("rest.csr"),
                threads: 1
            )
            let perEpoch = (run.edgeCount + settings.batch - 1) / settings.batch
            var (steps, epochs) = (0, 0)
            while let news = try run.advance() {
                steps += 1
                switch news {
                case .step(let status):
                    #expect(status.step == steps)
                case .epoch(let status, let checkpoint):
                    epochs += 1
                    #expect(status.epoch == epochs && steps == epochs * perEpoch)
                    #expect(status.validation != nil)
                    #expect(checkpoint.itemIDs == Communities.ids)
                }
            }
            #expect(epochs == 2 && steps == 2 * perEpoch)
        }
    }
}
