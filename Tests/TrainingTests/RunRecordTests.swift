import Configuration
import Files
import Foundation
import TestSupport
import Testing

@testable import Training

struct RunRecordTests {
    /// Lets a run take steps up to `step`, and records them in `folder`.
    private func record(
        _ run: inout TrainingRun,
        in folder: ModelFolder,
        to step: Int = .max
    ) throws {
        var record = try RunRecord(of: run, in: folder)
        while run.status.step < step, let news = try run.advance() {
            try record.note(news, of: run)
        }
    }

    private func lines(_ folder: ModelFolder) throws -> [MetricsLog.Line] {
        try String(contentsOf: folder.metrics, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(MetricsLog.Line.self, from: Data($0.utf8))
        }
    }

    private let twoEpochs: (inout TrainingSettings) -> Void = { $0.epochs = 2 }

    @Test func `an epoch leaves its metrics, its checkpoint, and the best model so far`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run(twoEpochs)
            try record(&run, in: folder)
            let lines = try lines(folder)
            #expect(lines.map(\.kind) == [.epoch, .epoch])
            #expect(lines.map(\.status.step) == [9, 18])
            #expect(lines.last?.status.validation == run.status.validation)
            let last = try Checkpoint(contentsOf: folder.last)
            #expect(last.status == run.status.withoutTime && last.optimiser != nil)
            let best = try Checkpoint(contentsOf: folder.best)
            #expect(best.status.step == run.status.best?.step && best.optimiser == nil)
        }
    }

    @Test func `a new run leaves an earlier one whole until its own first checkpoint`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var first = try Communities(in: url).run(twoEpochs)
            try record(&first, in: folder)
            let files = [folder.configuration, folder.metrics, folder.last, folder.best]
            let before = try files.map { try Data(contentsOf: $0) }
            var second = try Communities(in: url).run { ($0.epochs, $0.seed) = (2, 8) }
            // Stopped within its first epoch, and never saved.
            try record(&second, in: folder, to: 5)
            #expect(try files.map { try Data(contentsOf: $0) } == before)
            try record(&second, in: folder)
            #expect(try lines(folder).map(\.status.step) == [9, 18])
            #expect(try Checkpoint(contentsOf: folder.last).settings.seed == 8)
        }
    }

    @Test func `metrics come every twenty steps, without the validation of the epoch before`()
        throws
    {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run { ($0.batch, $0.epochs) = (7, 2) }
            try record(&run, in: folder)
            let lines = try lines(folder)
            let perEpoch = run.status.steps / 2
            let expected = (1...2 * perEpoch).filter {
                $0.isMultiple(of: 20) || $0.isMultiple(of: perEpoch)
            }
            #expect(lines.map(\.status.step) == expected)
            for line in lines {
                let isEpoch = line.status.step.isMultiple(of: perEpoch)
                #expect(line.kind == (isEpoch ? .epoch : .step))
                #expect((line.status.validation != nil) == isEpoch)
            }
        }
    }

    @Test func `an old checkpoint is renewed within an epoch, where that is asked for`() throws {
        try withTemporaryFolder { url in
            for (seconds, expected) in [(0, nil), (100, nil), (1, 1)] {
                let folder = ModelFolder(at: url.appendingPathComponent("\(seconds)"))
                try makeFolder(at: folder.url)
                let run = try Communities(in: url).run { $0.checkpointSeconds = seconds }
                var record = try RunRecord(of: run, in: folder)
                var later = run
                _ = try later.advance()
                // As if that step had taken a minute.
                var status = later.status
                status.note(loss: 1, rate: 1, epoch: 1, step: 1, pairs: 32, seconds: 60)
                try record.note(.step(status), of: later)
                let found = try? Checkpoint(contentsOf: folder.last).status.step
                #expect(found == expected)
            }
        }
    }

    @Test func `what was logged after the checkpoint is forgotten, and then logged again`() throws {
        try withTemporaryFolder { url in
            let communities = try Communities(in: url)
            let folder = ModelFolder(at: url)
            var whole = try communities.run(twoEpochs)
            try record(&whole, in: folder, to: 13)
            let checkpoint = try Checkpoint(contentsOf: folder.last)
            #expect(checkpoint.status.step == 9)
            var lost = try communities.run(resuming: checkpoint, twoEpochs)
            try record(&lost, in: folder)
            #expect(try lines(folder).map(\.status.step) == [9, 18])
            var resumed = try communities.run(resuming: checkpoint, twoEpochs)
            try record(&resumed, in: folder, to: 12)
            #expect(try lines(folder).map(\.status.step) == [9])
            #expect(try folder.seconds(until: checkpoint) == lines(folder)[0].status.seconds)
            try record(&resumed, in: folder)
            #expect(try lines(folder).map(\.status.step) == [9, 18])
        }
    }

    @Test func `a line that is torn ends the metrics`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run(twoEpochs)
            try record(&run, in: folder)
            let text = try String(contentsOf: folder.metrics, encoding: .utf8)
            try Data(text.utf8.dropLast(9)).write(to: folder.metrics)
            _ = try MetricsLog(at: folder.metrics, after: 18)
            #expect(try lines(folder).map(\.status.step) == [9])
        }
    }

    @Test func `a stop in the middle of an epoch is saved, and saved once`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run(twoEpochs)
            var record = try RunRecord(of: run, in: folder)
            try record.save(run)
            #expect(!FileManager.default.fileExists(atPath: folder.last.path))
            for _ in 0..<4 {
                if let news = try run.advance() { try record.note(news, of: run) }
            }
            try record.save(run)
            try record.save(run)
            #expect(try Checkpoint(contentsOf: folder.last).status.step == 4)
            #expect(try lines(folder).map(\.status.step) == [4])
        }
    }

    @Test func `a loss that is not a number leaves the last checkpoint`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run(twoEpochs)
            try record(&run, in: folder)
            let before = try Data(contentsOf: folder.last)
            var broken = try Communities(in: url).run { $0.rate = .greatestFiniteMagnitude }
            #expect(throws: TrainingError.self) { try record(&broken, in: folder) }
            #expect(try Data(contentsOf: folder.last) == before)
        }
    }

    @Test func `the best model is the one to embed with`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run {
                ($0.rate, $0.epochs) = (1e-9, 2)  // the first epoch stays the best
            }
            try record(&run, in: folder)
            let (checkpoint, file) = try folder.trained()
            #expect(file == folder.best && checkpoint.status.step == 9)
        }
    }

    @Test func `a best model that the last checkpoint knows nothing of is not used`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            let communities = try Communities(in: url)
            var run = try communities.run(twoEpochs)
            try record(&run, in: folder)
            // Another run has come as far as its fourth step.
            var other = try communities.run { ($0.seed, $0.epochs) = (2, 2) }
            var record = try RunRecord(of: other, in: folder)
            for _ in 0..<4 { _ = try other.advance() }
            try record.save(other)
            let (checkpoint, file) = try folder.trained()
            #expect(file == folder.last && checkpoint.status.step == 4)
        }
    }

    @Test func `without validation the last model is the one to embed with`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            var run = try Communities(in: url).run { ($0.validation, $0.epochs) = (0, 1) }
            try record(&run, in: folder)
            #expect(try folder.trained().file == folder.last)
            #expect(!FileManager.default.fileExists(atPath: folder.best.path))
        }
    }

    @Test func `the configuration of a run gives the same settings again`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            let run = try Communities(in: url).run()
            _ = try RunRecord(of: run, in: folder)
            let settings = try overlay(TrainingSettings(), file: folder.configuration)
            #expect(settings == run.settings && settings != TrainingSettings())
        }
    }
}
