import CEpoll
import Foundation
import NIOCore

/// Looks for the next request for a while, before an event loop goes to sleep.
///
/// To wake a sleeping thread takes longer than to answer most calls, above all in a virtual machine,
/// and a client that has its answer often has its next request at hand. Between two looks the
/// processor is offered to whoever waits for it, who may be just that client. Where nothing came,
/// the next few answers are followed by no look, and by ever more of them as that goes on: a client
/// that thinks for longer than the looking lasts costs next to nothing.
///
/// It belongs to one event loop.
final class BusyPoll {
    /// The most answers that are followed by no look.
    private static let longestRest = 63

    private let sockets: Int32
    private let time: TimeAmount
    /// How many answers to leave out after the last look in vain, and how many of them are to come.
    private var rest = 0
    private var restLeft = 0

    /// Looks for `time` at the sockets that are added; nil where there is none for it.
    init?(for time: TimeAmount) {
        guard time > .zero else { return nil }
        sockets = CEpollCreate()
        guard sockets >= 0 else { return nil }
        self.time = time
    }

    deinit {
        close(sockets)
    }

    /// Looks at this socket, too, until it is closed.
    func add(_ socket: Int32) {
        // One that cannot be added wakes the event loop from its sleep, as without all this.
        _ = CEpollAdd(sockets, socket)
    }

    /// Returns when a socket has something to read, or when the time is over.
    func look() {
        guard restLeft == 0 else {
            restLeft -= 1
            return
        }
        let end = NIODeadline.now() + time
        repeat {
            if CEpollIsReadable(sockets) != 0 {
                rest = 0
                return
            }
            sched_yield()
        } while NIODeadline.now() < end
        rest = min(2 * rest + 1, Self.longestRest)
        restLeft = rest
    }
}
