import Files
import Foundation
import Graph
import PinSage
import Sampling
import TestSupport
import Testing

@testable import Training

struct ResumeTests {
    /// Takes steps until `step` of them are done, or the run is over.
    private func advance(_ run: inout TrainingRun, to step: Int = .max) throws {
        while run.status.step < step, try run.advance() != nil {}
    }

    // An epoch has nine steps: a stop in the middle of one, at its end, and one step later.
    @Test(arguments: [1, 7, 9, 10])
    func `steps, a checkpoint, and more steps give the bytes of a run without a stop`(
        stop: Int
    ) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let files = ["whole", "stopped", "resumed"].map(folder.appendingPathComponent)
            let threeEpochs: (inout TrainingSettings) -> Void = { $0.epochs = 3 }

            var whole = try communities.run(threeEpochs)
            try advance(&whole)
            try #require(whole.status.step == 27)
            try whole.checkpoint.write(to: files[0])

            var stopped = try communities.run(threeEpochs)
            try advance(&stopped, to: stop)
            try stopped.checkpoint.write(to: files[1])
            let checkpoint = try Checkpoint(contentsOf: files[1])
            var resumed = try communities.run(resuming: checkpoint, threeEpochs)
            #expect(resumed.status == stopped.status.withoutTime)
            try advance(&resumed)
            try resumed.checkpoint.write(to: files[2])

            #expect(resumed.status.withoutTime == whole.status.withoutTime)
            #expect(try Data(contentsOf: files[2]) == Data(contentsOf: files[0]))
        }
    }

    @Test func `a run that was over goes on when it is given more epochs`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var short = try communities.run { $0.epochs = 1 }
            try advance(&short)
            var same = try communities.run(resuming: short.checkpoint) { $0.epochs = 1 }
            #expect(try same.advance() == nil)
            var longer = try communities.run(resuming: short.checkpoint) { $0.epochs = 2 }
            try advance(&longer)
            var whole = try communities.run { $0.epochs = 2 }
            try advance(&whole)
            #expect(longer.status.withoutTime == whole.status.withoutTime)
            #expect(longer.checkpoint.optimiser == whole.checkpoint.optimiser)
        }
    }

    @Test func `the time before a stop counts`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var first = try communities.run()
            try advance(&first, to: 2)
            var second = try communities.run(resuming: first.checkpoint, after: 1000)
            try advance(&second, to: 3)
            #expect((1000..<1100).contains(second.status.seconds))
        }
    }

    /// The words with which a run that has taken two steps, changed by `spoil`, is refused.
    private func refusal(
        _ change: (inout TrainingSettings) -> Void = { _ in },
        spoil: (inout Checkpoint) -> Void = { _ in }
    ) throws -> String? {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            var run = try communities.run()
            try advance(&run, to: 2)
            var checkpoint = run.checkpoint
            spoil(&checkpoint)
            let error = #expect(throws: TrainingError.self) {
                _ = try communities.run(resuming: checkpoint, change)
            }
            return error?.description
        }
    }

    @Test func `a checkpoint of other settings is refused by the first of them`() throws {
        let text = try refusal {
            $0.walk.walks = 31
            $0.walk.neighbours = 9
            $0.epochs = 99
        }
        #expect(text?.contains("was made with walk.neighbours=5, not 9, so the run") == true)
        #expect(text?.contains("leave walk.neighbours as it was, or train without") == true)
        #expect(try refusal { $0.model.identity = false }?.contains("identity=true, not") == true)
        #expect(try refusal { $0.rate = 0.003 }?.contains("rate=0.08, not 0.003") == true)
    }

    @Test func `how far, how patient and with how many threads a run goes may change`() throws {
        var settings = TrainingSettings.small
        (settings.epochs, settings.patience) = (20, 3)
        (settings.checkpointSeconds, settings.threads) = (1, 2)
        #expect(try settings.firstDifference(from: .small) == nil)
        settings.seed = 2
        let difference = try settings.firstDifference(from: .small)
        #expect(difference == .init(name: "seed", value: "2", other: "1"))
    }

    @Test func `a checkpoint of another catalogue is refused`() throws {
        let graph = try refusal(spoil: { $0.graph = .init(value: 7) })
        #expect(graph?.contains("is of the graph 0000000000000007, this one is ") == true)
        let ids = try refusal(spoil: { $0.itemIDs.swapAt(0, 1) })
        #expect(ids?.contains("is of items with other ids") == true)
        let words = try refusal(
            spoil: {
                $0.hasher = FeatureHasher(
                    [Content(text: "other words", fields: [:])],
                    settings: $0.settings.features,
                    buckets: $0.settings.model.buckets
                )
            }
        )
        #expect(words?.contains("is of items with other words or fields") == true)
    }

    @Test func `a checkpoint that cannot be gone on from says why`() throws {
        let best = try refusal(spoil: { $0.optimiser = nil })
        #expect(best?.contains("holds a model without its optimiser") == true)
        let late = try refusal({ $0.epochs = 1 }, spoil: { $0.status = .inEpoch(3) })
        #expect(late?.contains("is in epoch 3 already, past epochs=1") == true)
    }
}

extension TrainingStatus {
    fileprivate static func inEpoch(_ epoch: Int) -> TrainingStatus {
        var status = TrainingStatus(epochs: 9, steps: 90)
        status.note(loss: 1, rate: 1, epoch: epoch, step: 10 * epoch - 5, pairs: 1, seconds: 1)
        return status
    }
}
