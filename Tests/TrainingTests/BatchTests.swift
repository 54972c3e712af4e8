import Foundation
import Graph
import PinSage
import Sampling
import TestSupport
import Testing
import Vectors

@testable import Training

struct BatchTests {
    private func maker(
        _ communities: Communities,
        _ change: (inout TrainingSettings) -> Void
    ) throws -> BatchMaker {
        var settings = communities.settings
        change(&settings)
        let epoch = try #require(
            try Epoch(
                1,
                of: communities.graph,
                .kept(communities.neighbourhoods),
                settings: settings,
                file: communities.folder.appendingPathComponent("epoch.csr"),
                threads: 1
            )
        )
        return BatchMaker(
            settings,
            epoch: epoch,
            inputs: communities.inputs,
            hardNegatives: settings.hardNegatives == .never
                ? nil
                : HardNegatives(
                    of: communities.graph,
                    settings: settings.hard,
                    seed: 1,
                    threads: 1
                )
        )
    }

    @Test func `a batch follows from its step alone, whichever came before`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var first = try maker(communities) { $0.contextShare = 0.5 }
            var second = first
            _ = first.batch(3, epoch: 1)
            #expect(first.batch(7, epoch: 1) == second.batch(7, epoch: 1))
            #expect(first.batch(8, epoch: 1) != second.batch(7, epoch: 1))
        }
    }

    @Test func `word dropout leaves out its share of the words, and nothing else`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var whole = try maker(communities) { _ in }
            var dropping = try maker(communities) { $0.wordDropout = 0.5 }
            var (wordCount, keptCount) = (0, 0)
            for step in 0..<20 {
                let (all, some) = (whole.batch(step, epoch: 1), dropping.batch(step, epoch: 1))
                #expect(some.subgraph == all.subgraph && some.judged == all.judged)
                #expect(some.inputs.logDegrees == all.inputs.logDegrees)
                #expect(some.inputs.content.rowCount == all.inputs.content.rowCount)
                wordCount += all.inputs.content.columns.count
                keptCount += some.inputs.content.columns.count
            }
            #expect(abs(Double(keptCount) / Double(wordCount) - 0.5) < 0.06)
        }
    }

    @Test func `a share of the queries is the mean of several items`() throws {
        try withTemporaryFolder { folder in
            var maker = try maker(try Communities(in: folder)) {
                $0.contextShare = 0.25
                $0.contextItems = 3
            }
            let queries = maker.batch(0, epoch: 1).judged.queries
            let counts = (0..<queries.rowCount).map {
                queries.offsets[$0 + 1] - queries.offsets[$0]
            }
            #expect(counts.filter { $0 > 1 }.count <= 8 && counts.contains { $0 > 1 })
            for row in 0..<queries.rowCount {
                let values = queries.values[queries.offsets[row]..<queries.offsets[row + 1]]
                #expect(abs(values.reduce(0, +) - 1) < 1e-6)
            }
        }
    }

    @Test(arguments: zip([1, 2, 5, 9], [0, 1, 4, 6]))
    func `the curriculum adds a hard negative in each epoch, up to the ceiling`(
        epoch: Int,
        count: Int
    ) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var maker = try maker(communities) { $0.hardNegatives = .curriculum }
            let judged = maker.batch(0, epoch: epoch).judged
            #expect(judged.hardNegatives.count == count * communities.settings.batch)
            #expect(HardSchedule.never.count(inEpoch: epoch, atMost: 6) == 0)
            #expect(HardSchedule.always.count(inEpoch: epoch, atMost: 6) == 6)
        }
    }

    @Test func `a hard negative never belongs to its example`() throws {
        try withTemporaryFolder { folder in
            // A band of the nearest items: most of what is drawn from it belongs to the example.
            var maker = try maker(try Communities(in: folder)) {
                $0.contextShare = 1
                $0.hardNegatives = .always
                ($0.hard.first, $0.hard.last) = (1, 4)
            }
            let judged = maker.batch(1, epoch: 1).judged
            let count = judged.hardNegatives.count / judged.items.count
            #expect(count == 6)
            for pair in judged.items.indices {
                let entries = judged.queries.offsets[pair]..<judged.queries.offsets[pair + 1]
                let own = judged.queries.columns[entries].map { Int($0) } + [judged.items[pair]]
                let hard = judged.hardNegatives[pair * count..<(pair + 1) * count]
                #expect(!hard.contains(where: own.contains))
            }
        }
    }

    @Test func `a negative that belongs to the example does not count for it`() throws {
        try withTemporaryFolder { folder in
            var maker = try maker(try Communities(in: folder)) { $0.contextShare = 0.5 }
            let judged = maker.batch(1, epoch: 1).judged
            for pair in judged.items.indices {
                let entries = judged.queries.offsets[pair]..<judged.queries.offsets[pair + 1]
                let own = Set(
                    judged.queries.columns[entries].map { Int($0) } + [judged.items[pair]]
                )
                for (place, row) in judged.negatives.enumerated() {
                    let isExcluded = judged.excluded.contains { $0 == (pair, place) }
                    #expect(isExcluded == own.contains(row))
                }
            }
        }
    }

    @Test func `items shown as new have no degree, identity or neighbourhood`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var maker = try maker(communities) { $0.coldShare = 0.5 }
            let batch = maker.batch(0, epoch: 1)
            let block = batch.subgraph.blocks[1]
            let offsets = block.neighbourhoods.offsets
            var cold = 0
            for target in 0..<block.targetCount {
                let isCold = batch.inputs.identities[target] == nil
                let neighbours = offsets[target + 1] - offsets[target]
                #expect(isCold == (batch.inputs.logDegrees[target] == 0))
                #expect(isCold == (neighbours == 0))
                cold += isCold ? 1 : 0
            }
            #expect((4...20).contains(cold))
        }
    }

    @Test(arguments: OptimiserKind.all)
    func `every optimiser, source and loss lets the loss fall`(kind: OptimiserKind) throws {
        try withTemporaryFolder { folder in
            var trainer = try #require(
                try Communities(in: folder).trainer {
                    $0.seed = 3
                    $0.loss.margin = 0.5
                    kind.change(&$0)
                }
            )
            var losses: [Float] = []
            while !trainer.isFinished {
                losses.append(try trainer.takeStep(threads: 1))
            }
            let tenth = losses.count / 10
            let (first, last) = (losses.prefix(tenth), losses.suffix(tenth))
            #expect(last.reduce(0, +) < 0.95 * first.reduce(0, +))
        }
    }

    /// A way to train, by name.
    struct OptimiserKind: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout TrainingSettings) -> Void

        static let all = [
            OptimiserKind(testDescription: "gradient descent") {
                $0.optimiser.kind = .sgd
                $0.rate = 20
            },
            OptimiserKind(testDescription: "gradient descent with a clip") {
                $0.optimiser.kind = .sgd
                $0.optimiser.clip = 0.05
                $0.rate = 50
            },
            OptimiserKind(testDescription: "softmax") { $0.loss.kind = .softmax },
            OptimiserKind(testDescription: "cross-entropy") { $0.loss.kind = .crossEntropy },
            OptimiserKind(testDescription: "pairs of walks") { $0.pairs = .walks },
            OptimiserKind(testDescription: "a leak guard") { $0.leakGuard = 0.2 },
            OptimiserKind(testDescription: "one layer") { $0.model.layers = 1 },
            OptimiserKind(testDescription: "three layers") { $0.model.layers = 3 },
            OptimiserKind(testDescription: "a spectral start, lengths free") {
                $0.model.spectral = true
                $0.model.normalise = false
                $0.loss.kind = .softmax
                $0.loss.temperature = 1
                $0.rate = 0.01
            },
        ]
    }
}
