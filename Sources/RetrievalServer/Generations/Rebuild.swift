import Foundation
import Logging
import ServiceLifecycle
import Wire

/// Builds a generation by `corkboard index`, in a process of its own: what it takes in memory, and
/// what it may die of, are not the daemon's.
///
/// There is one at a time, and none is left when the daemon has stopped.
final class Rebuild: Service {
    private let command: IndexCommand
    private let workspace: URL
    private let logger: Logger
    private let turn: RebuildTurn
    private let catchUp: @Sendable () async -> Void

    /// `program` is the command `corkboard`; `catchUp` returns when what it published is served, or
    /// refused.
    ///
    /// A build that was cancelled is given `grace` to end by itself; one that is asked for meanwhile
    /// waits for it, but not longer than `patience`.
    init(
        program: String,
        workspace: URL,
        logger: Logger,
        grace: Duration = .seconds(2),
        patience: Duration = .seconds(5),
        catchUp: @escaping @Sendable () async -> Void
    ) {
        self.catchUp = catchUp
        command = IndexCommand(program: program, grace: grace)
        turn = RebuildTurn(patience: patience)
        self.workspace = workspace
        self.logger = logger
    }

    /// Starts a build, and gives what it says: encoded messages of type `RebuildProgress`, the last
    /// of which names the generation.
    ///
    /// The stream ends when that is served, or refused, and with a ``CallError`` of code
    /// `failedPrecondition` where another build is at work. The build ends early where nobody listens
    /// any longer.
    ///
    /// - Throws: ``CallError`` of code `invalidArgument` where the request makes no sense.
    func start(_ request: RebuildRequest) throws(CallError) -> AsyncThrowingStream<
        [UInt8], any Error
    > {
        let arguments = try request.arguments(workspace: workspace)
        let (messages, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let id = turn.enter { id in
            Task {
                var failure: (any Error)?
                do {
                    try await build(id, arguments) { continuation.yield($0) }
                } catch {
                    failure = Task.isCancelled ? turn.reasonToEnd : error
                }
                // First: whoever hears that it has ended may ask for the next one.
                turn.end(id)
                continuation.finish(throwing: failure)
            }
        }
        continuation.onTermination = { [turn] in
            if case .cancelled = $0 { turn.cancel(id) }
        }
        return messages
    }

    /// Ends the build when the daemon stops, and returns when its process has ended.
    func run() async throws {
        try? await gracefulShutdown()
        await turn.stop()
    }

    /// Runs the command when it is its turn.
    private func build(
        _ id: Int,
        _ arguments: [String],
        _ yield: @escaping @Sendable ([UInt8]) -> Void
    ) async throws {
        try await turn.take(id)
        let words = arguments.joined(separator: " ")
        logger.info("rebuilding", metadata: ["arguments": "\(words)"])
        do {
            try await command.run(arguments, yield)
            await catchUp()
        } catch {
            if Task.isCancelled {
                logger.info("the rebuild was cancelled")
            } else {
                logger.error("the rebuild failed", metadata: ["error": "\(error)"])
            }
            throw error
        }
    }
}
