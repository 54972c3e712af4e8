import BLAS
package import Logging
import NIOCore
import NIOPosix
import Reactor
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
    let level: LogLevel
    let environment: ServiceEnvironment
    let reread: @Sendable () throws -> DaemonConfiguration

    /// A daemon that follows `configuration`, which `reread` reads anew, and reports to who is
    /// named in `environment`; `level` is that of `logger`.
    package init(
        _ configuration: DaemonConfiguration,
        logger: Logger,
        level: LogLevel? = nil,
        environment: ServiceEnvironment = .none,
        reread: (@Sendable () throws -> DaemonConfiguration)? = nil
    ) {
        self.configuration = configuration
        self.logger = logger
        self.level = level ?? LogLevel(configuration.level)
        self.environment = environment
        self.reread = reread ?? { configuration }
    }

    /// Serves until SIGTERM or SIGINT, and then until the calls in flight have ended.
    ///
    /// `announce` hears one line as soon as searches are answered.
    ///
    /// - Throws: ``RetrievalServerError`` where the daemon cannot start.
    package func run(announce: @escaping @Sendable (String) -> Void) async throws {
        try checkStart()
        let limit = try DescriptorLimit.raise()
        let socket = try listen()
        // Whatever keeps the daemon from starting now has to leave no socket behind.
        defer { socket.release() }
        let metricsSocket = try configuration.metricsAddress.map(MetricsSocket.init)
        defer { metricsSocket?.release() }
        let terms = try configuration.terms(ofSocketGroup: socket.group, limit: limit)
        warnOfFew(terms.connections, limit: limit)
        // One query runs on one thread: it is queries that are many, not processors for each.
        BLAS.prepare()
        let house = try House(
            threads: configuration.threads,
            pollTime: .microseconds(Int64(configuration.busyPoll))
        )
        // Dispatch makes the descriptor of its timers for the first one, and ends the process where
        // that fails: so not when descriptors have run out.
        try await Task.sleep(for: .milliseconds(1))
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let ends = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await endAtSecond(of: ends, logger) }
            defer { tasks.cancelAll() }
            do {
                try await services(
                    at: socket,
                    metricsAt: metricsSocket,
                    terms: Replaceable(terms),
                    descriptorLimit: limit,
                    house: house,
                    hangUps: hangUps,
                    announce: announce
                ).run()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try await house.close()
        logger.info("stopped", metadata: ["socket": "\(socket.path)"])
        try outcome.get()
    }
}

/// The threads that the services share.
struct House: Sendable {
    let reactors: ReactorGroup
    /// For what may take long.
    let pool: NIOThreadPool
    /// For generations that come into service, one after the other.
    let swaps = NIOThreadPool(numberOfThreads: 1)
    /// For the daemon's own queries, which wait for others.
    let aside = NIOThreadPool(numberOfThreads: 1)

    /// So many threads for connections, which look for `pollTime` before they sleep, and as many for
    /// what may take long.
    ///
    /// - Throws: ``RetrievalServerError`` of code `exhausted` where there are no descriptors left.
    init(threads: Int, pollTime: TimeAmount) throws(RetrievalServerError) {
        do throws(ReactorError) {
            reactors = try ReactorGroup(threads: threads, pollTime: pollTime)
        } catch {
            throw .system(
                error.number,
                error.attempt,
                next: "raise the limit of open files (ulimit -n), or have fewer threads"
            )
        }
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        swaps.start()
        aside.start()
    }

    func close() async throws {
        try await aside.shutdownGracefully()
        try await swaps.shutdownGracefully()
        try await pool.shutdownGracefully()
        await reactors.close()
    }
}
