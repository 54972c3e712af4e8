import Foundation
import Graph
import PinSage
import Sampling
import TestSupport
import Testing
import Training
import Vectors

struct TrainerTests {
    private func losses(of trainer: inout Trainer, steps: Int, threads: Int) throws -> [Float] {
        try (0..<steps).map { _ in try trainer.takeStep(threads: threads) }
    }

    private func values(_ trainer: Trainer) -> [Matrix] {
        trainer.model.parameters.map(\.value)
    }

    @Test(arguments: [1, 2])
    func `the same seed and threads give the same losses and the same bytes`(threads: Int) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var first = try #require(try communities.trainer())
            var second = try #require(try communities.trainer())
            let (a, b) = (
                try losses(of: &first, steps: 12, threads: threads),
                try losses(of: &second, steps: 12, threads: threads)
            )
            #expect(a == b)
            #expect(values(first) == values(second))
        }
    }

    @Test func `another seed takes another course`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var first = try #require(try communities.trainer())
            var second = try #require(try communities.trainer { $0.seed = 2 })
            #expect(values(first) != values(second))
            let (a, b) = (
                try losses(of: &first, steps: 5, threads: 1),
                try losses(of: &second, steps: 5, threads: 1)
            )
            #expect(Set(a).isDisjoint(with: b))
        }
    }

    @Test func `the loss falls, and items of one community end nearer to each other`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var trainer = try #require(
                try communities.trainer {
                    $0.loss.margin = 0.5; $0.seed = 2
                }
            )
            let before = nearness(trainer.model, communities)
            var losses: [Float] = []
            while !trainer.isFinished {
                losses.append(try trainer.takeStep(threads: 2))
            }
            #expect(losses.count == trainer.totalSteps)
            let tenth = losses.count / 10
            let (first, last) = (losses.prefix(tenth), losses.suffix(tenth))
            #expect(last.reduce(0, +) < 0.85 * first.reduce(0, +))
            let after = nearness(trainer.model, communities)
            #expect(after.inside - after.across > 0.5)
            #expect(after.inside - after.across > before.inside - before.across + 0.2)
        }
    }

    /// The mean cosine of two items of one community, and of two communities.
    private func nearness(
        _ model: Model,
        _ communities: Communities
    ) -> (inside: Float, across: Float) {
        let embeddings = communities.embeddings(model, threads: 1)
        var (sums, counts): ([Float], [Float]) = ([0, 0], [0, 0])
        for a in 0..<2 * Communities.size {
            for b in 0..<a {
                let isAcross = Communities.community(of: a) != Communities.community(of: b)
                let (first, second) = (embeddings.row(a), embeddings.row(b))
                sums[isAcross ? 1 : 0] += innerProduct(first.span, second.span)
                counts[isAcross ? 1 : 0] += 1
            }
        }
        return (sums[0] / counts[0], sums[1] / counts[1])
    }

    @Test func `the first ten losses are those of the day this was written`() throws {
        try withTemporaryFolder { folder in
            var trainer = try #require(try Communities(in: folder).trainer())
            let expected: [Float] = [
                0.095696, 0.130702, 0.134252, 0.133152, 0.104347, 0.104135, 0.075030, 0.062543,
                0.083958, 0.072533,
            ]
            let found = try losses(of: &trainer, steps: 10, threads: 1)
            for (loss, value) in zip(found, expected) {
                #expect(abs(loss - value) <= 1e-3 * value, "\(found)")
            }
        }
    }

    @Test func `epochs count their steps, and end`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var trainer = try #require(try communities.trainer { $0.epochs = 2 })
            let perEpoch = (communities.graph.edgeCount + 31) / 32
            #expect(trainer.totalSteps == 2 * perEpoch)
            #expect(trainer.step == 0 && trainer.epoch == 1 && !trainer.isAtEndOfEpoch)
            for step in 1...2 * perEpoch {
                #expect(!trainer.isFinished)
                #expect(trainer.epoch == (step - 1) / perEpoch + 1)
                _ = try trainer.takeStep(threads: 1)
                #expect(trainer.step == step)
                #expect(trainer.isAtEndOfEpoch == (step == perEpoch || step == 2 * perEpoch))
            }
            #expect(trainer.isFinished)
        }
    }

    @Test func `the rate rises in a line for one epoch, and then decays by epochs`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var trainer = try #require(
                try communities.trainer {
                    $0.rate = 0.01
                    $0.decay = 0.5
                    $0.epochs = 3
                    // Four steps an epoch.
                    $0.batch = (communities.graph.edgeCount + 3) / 4
                }
            )
            try #require(trainer.totalSteps == 12)
            let peak = 0.01 * (Float(trainer.settings.batch) / 2048).squareRoot()
            var rates: [Float] = []
            while !trainer.isFinished {
                rates.append(trainer.rate / peak)
                _ = try trainer.takeStep(threads: 1)
            }
            // Half after one epoch of decay, a quarter after two; 0.8409 is the fourth root of 0.5.
            let expected: [Float] = [
                0.25, 0.5, 0.75, 1, 0.8409, 0.7071, 0.5946, 0.5, 0.4204, 0.3536, 0.2973, 0.25,
            ]
            for (rate, value) in zip(rates, expected) {
                #expect(abs(rate - value) < 1e-4)
            }
        }
    }

    @Test func `a batch larger than the graph makes one step an epoch`() throws {
        try withTemporaryFolder { folder in
            let trainer = try #require(
                try Communities(in: folder).trainer {
                    $0.batch = 1_000_000
                    $0.epochs = 3
                }
            )
            #expect(trainer.totalSteps == 3)
        }
    }

    @Test func `a rate that breaks the model is named`() throws {
        try withTemporaryFolder { folder in
            var trainer = try #require(
                try Communities(in: folder).trainer { $0.rate = .greatestFiniteMagnitude }
            )
            let error = #expect(throws: TrainingError.self) {
                _ = try losses(of: &trainer, steps: 20, threads: 1)
            }
            #expect(error?.description.contains("train again with a smaller rate") == true)
        }
    }

    @Test(arguments: [0, 0.3] as [Float])
    func `neighbourhoods that each batch walks for train to the same bytes`(
        leakGuard: Float
    ) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            func model(_ schedule: NeighbourhoodSchedule) throws -> Model {
                var trainer = try #require(
                    try communities.trainer {
                        $0.neighbourhoods = schedule
                        $0.leakGuard = leakGuard
                        $0.coldShare = 0.2
                    }
                )
                // Into the second epoch, which walks on another graph where there is a leak guard.
                for _ in 0..<12 {
                    _ = try trainer.takeStep(threads: 1)
                }
                #expect(trainer.epoch == 2)
                return trainer.model
            }
            #expect(try model(.batch) == model(.epoch))
        }
    }

    @Test func `a graph without company has nothing to learn`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let lonely = try Graph.build(
                [Edge(context: 0, item: 0), Edge(context: 1, item: 1)],
                contextCount: 2,
                itemCount: Communities.itemCount,
                at: folder.appendingPathComponent("lonely.csr")
            )
            let trainer = try Trainer(
                communities.settings,
                graph: lonely,
                neighbourhoods: .kept(communities.neighbourhoods),
                inputs: communities.inputs,
                epochFile: folder.appendingPathComponent("epoch.csr"),
                threads: 1
            )
            #expect(trainer == nil)
        }
    }
}
