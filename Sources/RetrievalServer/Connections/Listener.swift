import Dispatch
import Foundation
import NIOCore
import Synchronization

/// Accepts connections, one after another, and gives their descriptors away.
///
/// Not by NIO: when `accept` fails for want of descriptors, NIO tries again at once, for ever, and
/// its AcceptBackoffHandler does not hold it back, since the read that failed stays pending. It
/// also leaves the descriptors open for the programs that this process starts.
final class Listener: Sendable {
    /// How many are accepted before there is a look at whether to stop.
    private static let turn = 64
    /// How long to wait for descriptors, in microseconds, and how often before those who wait at the
    /// end are given up.
    private static let breath: UInt32 = 50_000
    private static let lastBreaths = 20

    private let descriptor: Int32
    private let spare = SpareDescriptor()
    private let queue = DispatchQueue(label: "corkboardd.accept")
    private let accepted: @Sendable (Int32) -> Void
    private let starved: @Sendable (any Error) -> Void
    // Dispatch's objects may be used from any thread; dispatch_object(3).
    nonisolated(unsafe) private let source: any DispatchSourceRead
    private let closed: EventLoopPromise<Void>
    private let broken = Atomic(false)

    /// Accepts at `descriptor`, and closes it at the end.
    ///
    /// `accepted` owns the descriptors that it gets; it and `starved`, which hears of those that
    /// there was none for, run one at a time.
    init(
        at descriptor: Int32,
        on loop: any EventLoop,
        starved: @escaping @Sendable (any Error) -> Void,
        accepted: @escaping @Sendable (Int32) -> Void
    ) {
        self.descriptor = descriptor
        (self.starved, self.accepted) = (starved, accepted)
        closed = loop.makePromise()
        // One that was passed may be in blocking mode.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor,
            queue: queue
        )
        unsafe self.source = source
        source.setEventHandler { _ = self.accept() }
        source.setCancelHandler { [closed] in
            Foundation.close(descriptor)
            closed.succeed(())
        }
        source.activate()
    }

    /// Whether it ended by itself.
    var isBroken: Bool { broken.load(ordering: .relaxed) }
    /// Succeeds when the socket is closed.
    var closeFuture: EventLoopFuture<Void> { closed.futureResult }

    /// Accepts no more, and closes the socket.
    ///
    /// Where nobody else serves it, the rest are accepted first, who have connected by now: what
    /// they have asked would be lost.
    func close(acceptingRest: Bool = false) async {
        queue.async { [self] in
            if acceptingRest, !isBroken {
                // Nobody can connect from now on.
                _ = shutdown(descriptor, Int32(SHUT_RD))
                acceptRest()
            }
            unsafe source.cancel()
        }
        try? await closeFuture.get()
    }

    private func acceptRest() {
        var breaths = 0
        while breaths < Self.lastBreaths {
            switch accept() {
            case .more: break
            case .starved: breaths += 1
            case .none, .broken: return
            }
        }
    }

    /// What is left after a turn.
    private enum Rest {
        case none
        case more
        /// There may be more, and there was a wait for descriptors.
        case starved
        case broken
    }

    private func accept() -> Rest {
        for _ in 0..<Self.turn {
            if let reason = spare.lack() {
                wait(becauseOf: reason)
                return .starved
            }
            let connection = Foundation.accept(descriptor, nil, nil)
            guard connection < 0 else {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                accepted(connection)
                continue
            }
            let number = errno
            switch number {
            case EAGAIN:
                return .none
            case ECONNABORTED, EINTR, EPERM:
                continue  // one client's misfortune
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                spare.giveAway(because: number)
                wait(becauseOf: number)
                return .starved
            default:
                broken.store(true, ordering: .relaxed)
                unsafe source.cancel()
                return .broken
            }
        }
        return .more
    }

    private func wait(becauseOf number: Int32) {
        starved(RetrievalServerError.system(number, "accept a connection"))
        usleep(Self.breath)  // nothing else runs on this queue
    }
}
