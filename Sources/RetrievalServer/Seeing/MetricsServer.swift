import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Tells metrics over HTTP to whoever may connect on this machine.
///
/// It has a thread of its own and a few connections, each for one request and a few seconds: what
/// its clients do, or leave undone, no search notices. Nor does another client of it: where the last
/// place is taken, the connection that has had its own for longest makes room for the next.
struct MetricsServer: Service {
    /// More than this many connections at a time are closed as they come.
    static let connections = 16
    /// How many descriptors it may have open: its connections and one that is turned away, its event
    /// loop's three, the socket, and the lock on that.
    static let descriptors = connections + 6

    private let socket: MetricsSocket
    private let source: MetricsSource
    private let time: TimeAmount
    private let logger: Logger

    /// Answers from `source` those who come to `socket`; a connection has `time` for all of it.
    init(
        on socket: MetricsSocket,
        from source: MetricsSource,
        time: TimeAmount = .seconds(5),
        logger: Logger
    ) {
        self.socket = socket
        self.source = source
        self.time = time
        self.logger = logger
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        await serve(on: group)
        socket.release()
        try await group.shutdownGracefully()
    }

    private func serve(on group: MultiThreadedEventLoopGroup) async {
        let visitors = Visitors(room: Self.connections)
        // The listener tries again; that descriptors have run out, the log has from the other one.
        let listener = Listener(
            at: socket.descriptor,
            on: group.next(),
            starved: { _ in }
        ) { accepted in
            guard visitors.enter() else {
                close(accepted)
                return
            }
            bootstrap(group, visitors).withConnectedSocket(accepted).flatMap(\.closeFuture)
                .whenComplete { _ in visitors.leave() }
        }
        listener.closeFuture.whenComplete { [logger] _ in
            if listener.isBroken {
                logger.error("metrics end", metadata: ["next": "start corkboardd again"])
            }
        }
        logger.info("metrics", metadata: ["address": "\(socket.name)"])
        try? await gracefulShutdown()
        await listener.close()
    }

    private func bootstrap(
        _ group: MultiThreadedEventLoopGroup,
        _ visitors: Visitors
    ) -> ClientBootstrap {
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
                    visitors.settle(channel)
                }
            }
    }
}
