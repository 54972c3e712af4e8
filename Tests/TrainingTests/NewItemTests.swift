import Evaluation
import Foundation
import Graph
import TestSupport
import Testing
import Vectors

@testable import Training

struct NewItemTests {
    @Test func `new items lose every edge, and are asked for by what their contexts keep`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let split = try NewItemSplit(
                of: graph,
                count: 1000,
                seed: 3,
                file: folder.appendingPathComponent("known.csr")
            )
            #expect(split.items.count == 2)  // a tenth of 24
            #expect(split.items.allSatisfy { split.graph.items.degree(of: $0) == 0 })
            let lost = graph.edges.filter { split.items.contains(Int($0.item)) }
            #expect(split.graph.edges == graph.edges.filter { !lost.contains($0) })
            #expect(split.contexts.reduce(0) { $0 + $1.heldOut.count } == split.pairs.count)
            #expect(split.pairs.count == lost.count)
            for pair in split.pairs {
                #expect(split.items.contains(pair.query) && !split.items.contains(pair.item))
            }
        }
    }

    @Test func `no new items leave the graph as it is`() throws {
        try withTemporaryFolder { folder in
            let graph = try Communities(in: folder).graph
            let file = folder.appendingPathComponent("known.csr")
            let split = try NewItemSplit(of: graph, count: 0, seed: 3, file: file)
            #expect(split.pairs.isEmpty && split.graph.edges == graph.edges)
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func `a run tells how new items were found, beside the held-out edges`() throws {
        try withTemporaryFolder { folder in
            var run = try Communities(in: folder).run {
                ($0.epochs, $0.validationItems, $0.coldShare) = (1, 2, 0.5)
            }
            while try run.advance() != nil {}
            let new = try #require(run.status.newItems)
            #expect(run.status.validation != nil)
            #expect(run.status.best?.validation == new.pairs)
            #expect(new.contexts.contexts > 0)
            // Two items in all are ranked, so every context finds its new ones.
            #expect(new.contexts.recall[20] == 1)
        }
    }

    @Test func `new items decide on the best epoch and on how contexts ask`() {
        func pairs(_ hitRate: Double) -> PairReport {
            PairReport(pairs: 9, hitRate: [50: hitRate], mrr100: 0, mrr: 0)
        }
        func contexts(_ recall: Double) -> ContextReport {
            ContextReport(contexts: 9, recall: [20: recall], ndcg: [:], coverage: 0)
        }
        var report = ValidationReport(
            pairs: pairs(0.1),
            contexts: contexts(0.2),
            newItems: nil,
            contextStrength: 0
        )
        #expect(report.decisive == pairs(0.1) && report.decisiveRecall == 0.2)
        report.newItems = ValidationReport.NewItems(pairs: pairs(0.3), contexts: contexts(0.4))
        #expect(report.decisive == pairs(0.3) && report.decisiveRecall == 0.4)
    }

    @Test func `settings from before new items were held out mean none by it`() throws {
        var settings = TrainingSettings()
        settings.validationItems = 7
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(TrainingSettings.self, from: data) == settings)
        let text = String(decoding: data, as: UTF8.self)
        let older = text.replacingOccurrences(of: "\"validationItems\":7,", with: "")
            .replacingOccurrences(of: ",\"validationItems\":7", with: "")
        #expect(older != text)
        settings.validationItems = 0
        let found = try JSONDecoder().decode(TrainingSettings.self, from: Data(older.utf8))
        #expect(found == settings)
    }
}
