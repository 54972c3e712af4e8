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
            var run = try communities.run { $0.epochs = 2 }
            let batch = communities.settings.batch
            let perEpoch = (run.edgeCount + batch - 1) / batch
            var (steps, epochs) = (0, 0)
            while let news = try run.advance() {
                steps += 1
                switch news {
                case .step(let status):
                    #expect(status.step == steps)
                    #expect(status.completedEpochs == epochs)
                case .epoch(let status):
                    epochs += 1
                    #expect(status.epoch == epochs && steps == epochs * perEpoch)
                    #expect(status.completedEpochs == epochs)
                    #expect(status.validation != nil)
                    #expect(run.checkpoint.itemIDs == Communities.ids)
                    #expect(run.checkpoint.status == status.withoutTime)
                }
            }
            #expect(epochs == 2 && steps == 2 * perEpoch)
        }
    }

    @Test func `the best epoch is the first with the highest hit-rate at 50`() {
        var status = TrainingStatus(epochs: 6, steps: 12)
        for (epoch, hitRate) in [0.2, 0.5, 0.4, 0.5, 0.3].enumerated() {
            status.end(epoch: epoch + 1, hitRate: hitRate)
            #expect(status.isBest == (epoch < 2))
        }
        #expect(status.best?.epoch == 2 && status.best?.step == 4)
        #expect(status.best?.validation.hitRate[50] == 0.5)
        #expect(status.validation?.hitRate[50] == 0.3)
    }

    @Test func `patience counts the epochs since the best one`() {
        var status = TrainingStatus(epochs: 6, steps: 12)
        #expect(!status.isOutOfPatience(1))
        status.end(epoch: 1, hitRate: 0.5)
        #expect(!status.isOutOfPatience(1))
        status.end(epoch: 2, hitRate: 0.5)
        #expect(status.isOutOfPatience(1) && !status.isOutOfPatience(2))
        status.end(epoch: 3, hitRate: 0.4)
        #expect(status.isOutOfPatience(2) && !status.isOutOfPatience(3))
        #expect(!status.isOutOfPatience(0))
    }

    @Test func `a run stops where its patience ends, and goes on where it is given more`() throws {
        try withTemporaryFolder { folder in
            // Steps so small that no epoch is better than the first.
            let still: (inout TrainingSettings) -> Void = {
                ($0.rate, $0.epochs, $0.patience) = (1e-9, 8, 2)
            }
            let communities = try Communities(in: folder)
            var run = try communities.run(still)
            while try run.advance() != nil {}
            #expect(run.stopsEarly)
            #expect(run.status.completedEpochs == 3 && run.status.best?.epoch == 1)

            var patient = try communities.run(resuming: run.checkpoint) {
                still(&$0)
                $0.patience = 4
            }
            while try patient.advance() != nil {}
            #expect(patient.stopsEarly && patient.status.completedEpochs == 5)
        }
    }
}

extension TrainingStatus {
    /// Takes the last of an epoch's two steps, and its validation.
    fileprivate mutating func end(epoch: Int, hitRate: Double) {
        note(loss: 1, rate: 1, epoch: epoch, step: 2 * epoch, pairs: 1, seconds: 1)
        note(
            ValidationReport(
                pairs: PairReport(pairs: 9, hitRate: [50: hitRate], mrr100: 0, mrr: 0),
                contexts: nil,
                newItems: nil,
                contextStrength: 0
            )
        )
    }
}
