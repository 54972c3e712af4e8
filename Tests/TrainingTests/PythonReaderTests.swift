import Files
import Foundation
import TestSupport
import Testing
import Training
import Vectors

/// What we write, read by the packages that define the formats.
///
/// `CORKBOARD_PYTHON` names a Python that has tensorboard, safetensors and numpy; without it these
/// are skipped: python3 -m venv V && V/bin/pip install tensorboard safetensors numpy
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["CORKBOARD_PYTHON"] != nil,
        "CORKBOARD_PYTHON names no Python with tensorboard, safetensors and numpy"
    )
)
struct PythonReaderTests {
    /// What a Python script prints, given the arguments `sys.argv[1:]`.
    private func python(_ script: String, _ arguments: String...) throws -> String {
        let process = Process()
        let path = ProcessInfo.processInfo.environment["CORKBOARD_PYTHON"] ?? ""
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// Trains two epochs into `folder`, stopped in the second and resumed.
    private func train(_ folder: ModelFolder) throws -> TrainingRun {
        let communities = try Communities(in: folder.url)
        var run = try communities.run { $0.epochs = 2 }
        for stop in [13, 18] {
            var record = try RunRecord(of: run, in: folder)
            while run.status.step < stop, let news = try run.advance() {
                try record.note(news, of: run)
            }
            let checkpoint = try Checkpoint(contentsOf: folder.last)
            run = try communities.run(resuming: checkpoint) { $0.epochs = 2 }
        }
        return run
    }

    @Test func `TensorBoard reads every scalar of a run that was stopped and resumed`() throws {
        try withTemporaryFolder { url in
            let run = try train(ModelFolder(at: url))
            let output = try python(
                """
                import sys
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                events = EventAccumulator(sys.argv[1])
                events.Reload()
                print(events.file_version)
                for tag in sorted(events.Tags()["scalars"]):
                    print(tag, *[event.step for event in events.Scalars(tag)])
                print(repr(events.Scalars("train/loss")[-1].value))
                """,
                url.path
            )
            let tags = [
                "train/loss", "train/pairs_per_second", "train/rate", "validation/hit_rate@10",
                "validation/hit_rate@50", "validation/hit_rate@500", "validation/mrr",
                "validation/mrr100",
            ]
            let lines = output.split(separator: "\n").map { String($0) }
            #expect(lines.first == "2.0")
            #expect(lines.dropFirst().dropLast() == ArraySlice(tags.map { "\($0) 9 18" }))
            #expect(lines.last.flatMap { Float($0) } == run.status.loss)
        }
    }

    @Test func `safetensors reads every tensor of a checkpoint`() throws {
        try withTemporaryFolder { url in
            let folder = ModelFolder(at: url)
            _ = try train(folder)
            let output = try python(
                """
                import sys
                from safetensors import safe_open
                with safe_open(sys.argv[1], framework="numpy") as file:
                    print(file.metadata()["format"])
                    for name in sorted(file.keys()):
                        values = file.get_tensor(name)
                        print(name, *values.shape, values.dtype, float(values[-1, -1]))
                """,
                folder.last.path
            )
            let tensors = try SafeTensors(contentsOf: folder.last).tensors
            let expected = tensors.sorted { $0.key < $1.key }.map { name, matrix in
                "\(name) \(matrix.rows) \(matrix.columns) float32 "
            }
            let lines = output.split(separator: "\n").map { String($0) }
            #expect(lines.first == "2")
            try #require(lines.count == expected.count + 1)
            for ((line, prefix), tensor) in zip(
                zip(lines.dropFirst(), expected),
                tensors.sorted { $0.key < $1.key }
            ) {
                #expect(line.hasPrefix(prefix))
                #expect(Float(line.dropFirst(prefix.count)) == tensor.value.elements.last)
            }
        }
    }
}
