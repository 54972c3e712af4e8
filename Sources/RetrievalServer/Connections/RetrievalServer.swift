import Foundation
import Logging
import NIOCore
import Reactor
import ServiceLifecycle

/// Serves calls on a listening socket until it is asked to stop.
///
/// A graceful shutdown takes the socket out of its folder, accepts those who have connected by then,
/// answers what they have sent, lets calls in flight end, and returns; new calls are refused.
struct RetrievalServer: Service {
    private let socket: ListeningSocket
    private let reactors: ReactorGroup
    private let terms: Replaceable<ConnectionTerms>
    private let answer: Answer
    /// Whom it has let in.
    let connections = Connections()
    /// Whom it lets in.
    let admission: Admission
    private let backlog = Backlog()
    private let telemetry: Telemetry

    /// Calls are answered by `answer` on the event loops of `reactors`, on `terms`; what these say
    /// of a connection holds for those that come later.
    ///
    /// What comes and goes is counted by `telemetry`.
    init(
        socket: ListeningSocket,
        reactors: ReactorGroup,
        terms: Replaceable<ConnectionTerms>,
        logger: Logger,
        telemetry: Telemetry = Telemetry(),
        answer: @escaping Answer
    ) {
        self.socket = socket
        self.reactors = reactors
        self.terms = terms
        self.telemetry = telemetry
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
        await listener.close(acceptingRest: socket.isOwn)
        // Those that were accepted last are connections by then.
        for loop in reactors.makeIterator() {
            try? await loop.submit {}.get()
        }
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
    private func listen() -> Listener {
        Listener(at: socket.descriptor, on: reactors.next(), starved: admission.starved) {
            accepted in
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
        let reactor = reactors.nextReactor()
        reactor.execute {
            let socket = ReactorSocket(accepted, on: reactor, mostUnsent: Limits.unsentBytes)
            let handler = ConnectionHandler(
                socket,
                caller: caller,
                terms: terms,
                tally: telemetry.tally(of: reactor),
                answer: answer
            )
            handler.open()
            connections.fill(place, with: OpenConnection(handler))
        }
    }
}
