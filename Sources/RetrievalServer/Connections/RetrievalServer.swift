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
    private let patience: Duration
    private let frameTime: Duration
    private let telemetry: Telemetry
    private let connections = Connections()
    private let backlog = Backlog()

    /// Calls are answered by `answer` on the event loops of `group`; calls in flight have
    /// `drainTime` to end, and a client whose answers pile up is cut off where it reads nothing
    /// for as long as `patience`, or has begun a frame and does not end it within `frameTime`.
    ///
    /// What comes and goes is counted by `telemetry`.
    init(
        socket: ListeningSocket,
        group: any EventLoopGroup,
        drainTime: Duration,
        patience: Duration = .seconds(10),
        frameTime: Duration = .seconds(5),
        telemetry: Telemetry = Telemetry(),
        answer: @escaping Answer
    ) {
        self.socket = socket
        self.group = group
        self.drainTime = drainTime
        self.patience = patience
        self.frameTime = frameTime
        self.telemetry = telemetry
        self.answer = answer
    }

    func run() async throws {
        defer { socket.release() }
        let listener = try await listen()
        // Cancelled or asked to stop: what is left to do is the same.
        try? await gracefulShutdown()
        socket.unlinkIfOurs()
        try? await listener.close()
        await connections.drain(within: drainTime)
    }

    private static var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: Limits.unsentBytes / 2, high: Limits.unsentBytes)
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
            // One read a turn: a second would find nothing but cost a system call.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.writeBufferWaterMark, value: Self.waterMark)
            .childChannelInitializer {
                [connections, backlog, answer, patience, frameTime, telemetry] channel in
                channel.eventLoop.makeCompletedFuture {
                    let caller = Caller(
                        connection: connections.add(channel),
                        isAdministrator: true,
                        backlog: ConnectionBacklog(of: backlog)
                    )
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        UnsentAnswers(backlog: caller.backlog, patience: TimeAmount(patience))
                    )
                    try pipeline.addHandler(
                        ConnectionHandler(
                            caller: caller,
                            frameTime: TimeAmount(frameTime),
                            tally: telemetry.tally(of: channel.eventLoop),
                            answer: answer
                        )
                    )
                }
            }
            .withBoundSocket(socket.descriptor)
            .get()
    }
}
