import Foundation
import Subprocess
import Wire

/// `corkboard index` as a process that a rebuild runs.
struct IndexCommand: Sendable {
    /// What ArgumentParser puts before the error that a command ends with.
    private static let errorPrefix = "Error: "

    /// The command `corkboard`.
    let program: String
    /// How long it may take to end when it is asked to; then it is killed.
    let grace: Duration

    /// Runs it with these arguments, and yields what it says, as messages of type `RebuildProgress`;
    /// the last one names the generation.
    ///
    /// Where the task is cancelled the process is ended, and has ended when this returns.
    ///
    /// - Throws: ``CallError`` where it fails.
    func run(_ arguments: [String], _ yield: @escaping @Sendable (Data) -> Void) async throws {
        do {
            try DescriptorLimit.checkRoom(toStart: program)
        } catch {
            throw CallError(.internal, error.description)
        }
        var options = PlatformOptions()
        // What it leaves in its temporary folder the next build removes.
        options.teardownSequence = [
            .gracefulShutDown(allowedDurationToNextStep: grace)
        ]
        let result = try await Subprocess.run(
            // It has all the time in the world, and searches have not.
            .name("nice"),
            arguments: Arguments(["-n", "10", program] + arguments),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let report = Self.text(execution.standardOutput)
            var words = ""
            for try await line in execution.standardError.strings() where !line.isEmpty {
                guard !line.hasPrefix(Self.errorPrefix) else {
                    // The call's own error says it.
                    words = String(line.dropFirst(Self.errorPrefix.count))
                    continue
                }
                words = line
                var progress = RebuildProgress()
                progress.message = line
                yield(try encoded(progress))
            }
            return (report: try await report, lastWords: words)
        }
        try Task.checkCancellation()
        try Self.check(result.terminationStatus, lastWords: result.closureResult.lastWords)
        yield(try encoded(try Self.progress(of: result.closureResult.report)))
    }

    private static func text(_ output: SubprocessOutputSequence) async throws -> String {
        var text = ""
        for try await line in output.strings() {
            text += line
        }
        return text
    }

    /// Throws what the process ended by, unless it ended well.
    static func check(_ end: TerminationStatus, lastWords words: String) throws(CallError) {
        switch end {
        case .exited(0): return
        case .exited(1):
            // It tells the system's errors in the words that the C library has for this process too.
            let isFull = [ENOSPC, EDQUOT].contains {
                words.contains(unsafe String(cString: strerror($0)))
            }
            throw CallError(isFull ? .resourceExhausted : .internal, words)
        case .exited(let code):
            throw CallError(.internal, "corkboard index ended with code \(code): \(words)")
        case .signaled(let signal):
            throw CallError(
                .internal,
                "corkboard index was ended by signal \(signal), after: \(words)"
            )
        }
    }

    /// What the command's report in JSON tells.
    private static func progress(of report: String) throws(CallError) -> RebuildProgress {
        struct Report: Decodable {
            let generation: UInt64
            let recall: Double
        }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(report.utf8)) else {
            throw CallError(
                .internal,
                "corkboard index reported what is no report: \(report.prefix(200))"
            )
        }
        var progress = RebuildProgress()
        progress.message = "built generation \(report.generation)"
        progress.generation = report.generation
        progress.recall = report.recall
        return progress
    }
}
