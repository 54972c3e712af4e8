import BLAS
import Foundation
package import Logging
import NIOCore
import NIOPosix
import Retrieval
import ServiceLifecycle
import UnixSignals
import Wire

/// The whole daemon: a socket, its server, and the watcher for new generations.
///
/// ```swift
/// try await Daemon(configuration, logger: logger).run { line in print(line) }
/// ```
package struct Daemon: Sendable {
    /// The version of the program.
    package static var version: String { CorkboardVersion.text }

    let configuration: DaemonConfiguration
    let logger: Logger

    package init(_ configuration: DaemonConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT, and then until the calls in flight have ended.
    ///
    /// `announce` hears one line as soon as searches are answered.
    ///
    /// - Throws: ``RetrievalServerError`` where the daemon cannot start.
    package func run(announce: @escaping @Sendable (String) -> Void) async throws {
        try checkWorkspace()
        let socket = try ListeningSocket(path: configuration.socketPath)
        // One query runs on one thread: it is queries that are many, not processors for each.
        BLAS.prepare()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let pool = NIOThreadPool(numberOfThreads: configuration.threads)
        pool.start()
        let outcome: Result<Void, any Error>
        do {
            try await services(socket, group, pool, announce).run()
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await pool.shutdownGracefully()
        try await group.shutdownGracefully()
        logger.info("stopped", metadata: ["socket": "\(socket.path)"])
        try outcome.get()
    }

    /// The services, in the order of their start; they stop in the opposite order.
    private func services(
        _ socket: ListeningSocket,
        _ group: MultiThreadedEventLoopGroup,
        _ pool: NIOThreadPool,
        _ announce: @escaping @Sendable (String) -> Void
    ) throws(RetrievalServerError) -> ServiceGroup {
        let state = ServingState(workspace: configuration.workspaceFolder)
        let telemetry = makeTelemetry()
        let keeper = GenerationKeeper(
            swap(state, pool, telemetry.swaps),
            interval: configuration.watchInterval
        ) { served in
            let generation = served.generation
            announce(
                "READY socket=\(socket.path) generation=\(generation.number) "
                    + "items=\(generation.count)"
            )
        }
        let rebuild = Rebuild(
            program: configuration.corkboardPath,
            workspace: configuration.workspaceFolder,
            logger: logger
        )
        let service = RetrievalService(
            state: state,
            pool: WorkPool(pool),
            control: ControlService(keeper: keeper, rebuild: rebuild),
            telemetry: telemetry
        )
        let server = RetrievalServer(
            socket: socket,
            group: group,
            drainTime: configuration.drainTime,
            telemetry: telemetry
        ) { call, loop in service.answer(call, on: loop) }
        var services: [any Service] = [keeper, server]
        services += try seeing(service)
        return ServiceGroup(
            services: configuration.keepAwake ? services + [AwakeProcessors()] : services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
    }

    private func swap(
        _ state: ServingState,
        _ pool: NIOThreadPool,
        _ counts: SwapCounts
    ) -> GenerationSwap {
        GenerationSwap(
            workspace: configuration.workspaceFolder,
            state: state,
            check: GenerationCheck(
                program: DaemonConfiguration.thisProgram,
                workspace: configuration.workspaceFolder
            ),
            gate: RecallGate(allowedLoss: configuration.recallLoss),
            pool: pool,
            logger: logger,
            counts: counts
        )
    }

    private func checkWorkspace() throws(RetrievalServerError) {
        var isFolder: ObjCBool = false
        let path = configuration.workspace
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw RetrievalServerError(
                .configuration,
                "there is no workspace \(path); make one with: corkboard import -w \(path) ..."
            )
        }
    }
}
