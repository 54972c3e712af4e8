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
    /// How many descriptors it may have open: its connections and one that is turned away, its event
    /// loop's three, the socket, and the lock on that.
    static let descriptors = connections + 6

    private let address: MetricsAddress
    private let source: MetricsSource
    private let time: TimeAmount
    private let logger: Logger
    private let onListening: @Sendable (SocketAddress) -> Void

    /// Answers from `source`; a connection has `time` for all of it.
    ///
    /// `onListening` hears the address.
    init(
        at address: MetricsAddress,
        from source: MetricsSource,
        time: TimeAmount = .seconds(5),
        logger: Logger,
        onListening: @escaping @Sendable (SocketAddress) -> Void = { _ in }
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
            let port = try ListeningPort(at: address)
            await serve(port.descriptor, at: port.address, on: group)
        case .socket(let path):
            let address = try SocketAddress(unixDomainSocketPath: path)
            let socket = try ListeningSocket(path: path)
            defer { socket.release() }
            await serve(socket.descriptor, at: address, on: group)
        }
    }

    private func serve(
        _ descriptor: Int32,
        at place: SocketAddress,
        on group: MultiThreadedEventLoopGroup
    ) async {
        let open = OpenCount()
        // The listener tries again; that descriptors have run out, the log has from the other one.
        let listener = Listener(at: descriptor, on: group.next(), starved: { _ in }) { accepted in
            guard open.add() <= Self.connections else {
                open.subtract()
                close(accepted)
                return
            }
            bootstrap(group).withConnectedSocket(accepted).flatMap(\.closeFuture)
                .whenComplete { _ in open.subtract() }
        }
        listener.closeFuture.whenComplete { [logger] _ in
            if listener.isBroken {
                logger.error("metrics end", metadata: ["next": "start corkboardd again"])
            }
        }
        logger.info("metrics", metadata: ["address": "\(place)"])
        onListening(place)
        try? await gracefulShutdown()
        await listener.close()
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ClientBootstrap {
        ClientBootstrap(group: group)
            .channelInitializer { [source, time] channel in
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
