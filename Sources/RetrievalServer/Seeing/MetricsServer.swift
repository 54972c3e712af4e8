import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Tells metrics over HTTP to whoever may connect on this machine.
///
/// It has a thread of its own and a few connections, each for one request and a few seconds: what
/// its clients do, or leave undone, no search notices.
struct MetricsServer: Service {
    /// More than this many connections at a time are closed as they come.
    private static let connections = 16

    private let address: MetricsAddress
    private let source: MetricsSource
    private let time: TimeAmount
    private let logger: Logger
    private let onListening: @Sendable (SocketAddress?) -> Void

    /// Answers from `source`; a connection has `time` for all of it.
    ///
    /// `onListening` hears the address.
    init(
        at address: MetricsAddress,
        from source: MetricsSource,
        time: TimeAmount = .seconds(5),
        logger: Logger,
        onListening: @escaping @Sendable (SocketAddress?) -> Void = { _ in }
    ) {
        self.address = address
        self.source = source
        self.time = time
        self.logger = logger
        self.onListening = onListening
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome: Result<Void, any Error>
        do {
            try await serve(on: group)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await group.shutdownGracefully()
        try outcome.get()
    }

    private func serve(on group: MultiThreadedEventLoopGroup) async throws {
        switch address {
        case .port(let address):
            let listener: any Channel
            do {
                listener = try await bootstrap(group).bind(to: address).get()
            } catch {
                throw refusal(of: address, error)
            }
            try await serve(listener)
        case .socket(let path):
            let socket = try ListeningSocket(path: path)
            defer { socket.release() }
            try await serve(try await bootstrap(group).withBoundSocket(socket.descriptor).get())
        }
    }

    private func serve(_ listener: any Channel) async throws {
        let place = listener.localAddress
        logger.info("metrics", metadata: ["address": "\(place.map { "\($0)" } ?? "unknown")"])
        onListening(place)
        try? await gracefulShutdown()
        try? await listener.close()
    }

    private func refusal(of address: SocketAddress, _ error: any Error) -> RetrievalServerError {
        let host = address.ipAddress ?? "?"
        let port = address.port ?? 0
        return RetrievalServerError(
            .system,
            "cannot listen for metrics at \(host):\(port): \(error); choose another port"
        )
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        let open = OpenCount()
        return ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let backoff = AcceptBackoffHandler { _ in .milliseconds(20) }
                    try channel.pipeline.syncOperations.addHandler(backoff)
                }
            }
            .childChannelInitializer { [source, time] channel in
                channel.closeFuture.whenComplete { _ in open.subtract() }
                guard open.add() <= Self.connections else {
                    return channel.close()
                }
                let end = channel.eventLoop.scheduleTask(in: time) {
                    channel.close(promise: nil)
                }
                channel.closeFuture.whenComplete { _ in end.cancel() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(MetricsHandler(source))
                }
            }
    }
}

/// How many connections are open.
private final class OpenCount: Sendable {
    private let count = Atomic(0)

    /// Counts one more, and says how many there are then.
    func add() -> Int {
        count.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func subtract() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}
