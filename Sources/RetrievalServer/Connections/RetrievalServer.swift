import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves calls on a listening socket until it is asked to stop.
///
/// A graceful shutdown takes the socket out of its folder, refuses new calls, lets those in flight
/// end, and returns.
struct RetrievalServer: Service {
    private let socket: ListeningSocket
    private let group: any EventLoopGroup
    private let terms: Replaceable<ConnectionTerms>
    private let polls: PerLoop<BusyPoll?>
    private let answer: Answer
    /// Whom it has let in.
    let connections = Connections()
    /// Whom it lets in.
    let admission: Admission
    private let backlog = Backlog()
    private let telemetry: Telemetry

    /// Calls are answered by `answer` on the event loops of `group`, on `terms`; what these say of
    /// a connection holds for those that come later.
    ///
    /// What comes and goes is counted by `telemetry`. Event loops look for the next request for
    /// `pollTime` before they sleep, see ``BusyPoll``.
    init(
        socket: ListeningSocket,
        group: any EventLoopGroup,
        terms: Replaceable<ConnectionTerms>,
        logger: Logger,
        telemetry: Telemetry = Telemetry(),
        pollTime: TimeAmount = .zero,
        answer: @escaping Answer
    ) {
        self.socket = socket
        self.group = group
        self.terms = terms
        self.telemetry = telemetry
        polls = PerLoop { _ in BusyPoll(for: pollTime) }
        self.answer = answer
        admission = Admission(terms, logger: logger)
    }

    /// - Throws: ``RetrievalServerError`` where it can no longer listen.
    func run() async throws {
        defer { socket.release() }
        let listener = listen()
        let (end, continuation) = AsyncStream.makeStream(of: Void.self)
        listener.closeFuture.whenComplete { _ in continuation.finish() }
        // Cancelled or asked to stop: what is left to do is the same.
        await cancelWhenGracefulShutdown {
            for await _ in end {}
        }
        socket.unlinkIfOurs()
        await listener.close()
        await connections.drain(within: terms.value.drainTime)
        if listener.isBroken {
            throw RetrievalServerError(
                .system,
                "the socket \(socket.path) no longer listens; start corkboardd again"
            )
        }
    }
}

// MARK: - Connections

extension RetrievalServer {
    private static var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: Limits.unsentBytes / 2, high: Limits.unsentBytes)
    }

    private func listen() -> Listener {
        Listener(at: socket.descriptor, on: group.next(), starved: admission.starved) { accepted in
            do {
                try welcome(accepted)
            } catch {
                telemetry.connections.refuse()
                close(accepted)
            }
        }
    }

    /// Makes an accepted socket a connection.
    ///
    /// - Throws: where its peer may not have one.
    private func welcome(_ accepted: Int32) throws {
        let peer = try PeerCredentials(ofPeerOf: accepted)
        let access = try admission.access(of: peer)
        let terms = terms.value
        // The daemon's own queries come through while clients have taken all there is.
        let isOwn = peer.process == getpid()
        guard let place = connections.takePlace(limit: isOwn ? nil : terms.connections) else {
            throw admission.refusalOverLimit(of: peer)
        }
        let caller = Caller(
            connection: place,
            isAdministrator: access == .administrator,
            backlog: ConnectionBacklog(of: backlog)
        )
        ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // One read a turn: a second would find nothing but cost a system call.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.writeBufferWaterMark, value: Self.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.fill(place, with: channel)
                    let poll = polls.value(of: channel.eventLoop)
                    poll?.add(accepted)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        UnsentAnswers(
                            backlog: caller.backlog,
                            patience: TimeAmount(terms.stallTime)
                        )
                    )
                    try pipeline.addHandler(
                        ConnectionHandler(
                            caller: caller,
                            frameTime: TimeAmount(terms.frameTime),
                            tally: telemetry.tally(of: channel.eventLoop),
                            poll: poll,
                            answer: answer
                        )
                    )
                }
            }
            .withConnectedSocket(accepted)
            .whenFailure { _ in connections.giveBack(place) }
    }
}
