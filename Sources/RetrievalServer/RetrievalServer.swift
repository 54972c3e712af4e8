import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves calls on a listening socket until it is asked to stop.
///
/// A graceful shutdown takes the socket out of its folder, refuses new calls, lets those in flight
/// end, and returns.
struct RetrievalServer: Service {
    private let socket: ListeningSocket
    private let answer: Answer
    private let group: any EventLoopGroup
    private let drainTime: Duration
    private let connections = Connections()

    /// Calls are answered by `answer` on the event loops of `group`; calls in flight have
    /// `drainTime` to end.
    init(
        socket: ListeningSocket,
        group: any EventLoopGroup,
        drainTime: Duration,
        answer: @escaping Answer
    ) {
        self.socket = socket
        self.group = group
        self.drainTime = drainTime
        self.answer = answer
    }

    func run() async throws {
        defer { socket.unlinkIfOurs() }
        let listener = try await listen()
        // Cancelled or asked to stop: what is left to do is the same.
        try? await gracefulShutdown()
        socket.unlinkIfOurs()
        try? await listener.close()
        await connections.drain(within: drainTime)
    }

    private func listen() async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Without descriptors `accept` fails at once, for ever: breathe in between.
                    let backoff = AcceptBackoffHandler { _ in .milliseconds(20) }
                    try channel.pipeline.syncOperations.addHandler(backoff)
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [connections, answer] channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    let handler = ConnectionHandler(answer: answer)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withBoundSocket(socket.descriptor)
            .get()
    }
}
