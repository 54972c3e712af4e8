import Foundation
import Logging
import ServiceLifecycle
import Subprocess
import Synchronization
import Wire

/// Builds a generation by `corkboard index`, in a process of its own: what it takes in memory, and
/// what it may die of, are not the daemon's.
///
/// There is one at a time, and none is left when the daemon has stopped.
final class Rebuild: Service {
    private struct State {
        var isStopping = false
        var isRunning = false
        var build: Task<Void, Never>?
    }

    private let program: String
    private let workspace: URL
    private let logger: Logger
    private let state = Mutex(State())

    /// `program` is the command `corkboard`.
    init(program: String, workspace: URL, logger: Logger) {
        self.program = program
        self.workspace = workspace
        self.logger = logger
    }

    /// Starts a build, and gives what it says: encoded messages of type `RebuildProgress`, the last
    /// of which names the generation.
    ///
    /// The build ends early where nobody listens any longer.
    ///
    /// - Throws: ``CallError`` of code `invalidArgument` where the request makes no sense, and
    ///   `failedPrecondition` where a build is at work already.
    func start(_ request: RebuildRequest) throws(CallError) -> AsyncThrowingStream<Data, any Error>
    {
        let arguments = try request.arguments(workspace: workspace)
        try begin()
        logger.info("rebuilding", metadata: ["arguments": "\(arguments.joined(separator: " "))"])
        let (messages, continuation) = AsyncThrowingStream<Data, any Error>.makeStream()
        let build = Task {
            do {
                try await run(arguments) { continuation.yield($0) }
                end()
                continuation.finish()
            } catch {
                end()
                if Task.isCancelled {
                    logger.info("the rebuild was cancelled")
                } else {
                    logger.error("the rebuild failed", metadata: ["error": "\(error)"])
                }
                continuation.finish(throwing: error)
            }
        }
        state.withLock { $0.build = $0.isRunning ? build : nil }
        continuation.onTermination = { _ in build.cancel() }
        return messages
    }

    /// Ends the build when the daemon stops, and returns when its process has ended.
    func run() async throws {
        try? await gracefulShutdown()
        let build = state.withLock { state in
            state.isStopping = true
            return state.build
        }
        build?.cancel()
        await build?.value
    }

    private func begin() throws(CallError) {
        let isStopping = state.withLock(\.isStopping)
        guard !isStopping else { throw .draining }
        let isFree = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFree else {
            throw CallError(
                .failedPrecondition,
                "a rebuild is at work already; wait until it ends, or cancel it"
            )
        }
    }

    private func end() {
        state.withLock { state in
            state.isRunning = false
            state.build = nil
        }
    }

    /// Runs the command with these arguments, and yields what it says.
    private func run(_ arguments: [String], _ yield: @escaping @Sendable (Data) -> Void)
        async throws
    {
        var options = PlatformOptions()
        // What it leaves in its temporary folder the next build removes.
        options.teardownSequence = [
            .send(signal: .interrupt, allowedDurationToNextStep: .seconds(5))
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
            var last = ""
            for try await line in execution.standardError.strings() where !line.isEmpty {
                var progress = RebuildProgress()
                progress.message = line
                last = line
                yield(try encoded(progress))
            }
            return (report: try await report, lastWords: last)
        }
        guard case .exited(0) = result.terminationStatus else {
            throw CallError(
                .internal,
                "corkboard index ended by \(result.terminationStatus): \(result.closureResult.lastWords)"
            )
        }
        yield(try encoded(try Self.progress(of: result.closureResult.report)))
    }

    private static func text(_ output: SubprocessOutputSequence) async throws -> String {
        var text = ""
        for try await line in output.strings() {
            text += line
        }
        return text
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
