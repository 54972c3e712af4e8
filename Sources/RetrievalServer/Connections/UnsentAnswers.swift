import NIOCore
import Reactor

/// Keeps count of the answers that a client has yet to read, and closes its connection where it
/// reads none of them for some time though they are many: more than ``Limits/unsentBytes``, or part
/// of what fills the ``Backlog`` of all.
final class UnsentAnswers {
    /// How often a client that is behind is looked at.
    private static let interval = TimeAmount.milliseconds(100)
    /// So much may be unsent without being counted: to look takes longer than to write an answer.
    private static let uncounted = 64 << 10

    private let socket: ReactorSocket
    private let backlog: ConnectionBacklog
    private let patience: TimeAmount
    /// Told now and then, as long as the socket is behind and the backlog of all does not hold it.
    var resume: () -> Void = {}
    /// All bytes ever written to the connection, whether they have left or not.
    private var written = 0
    /// The most that was ever unsent.
    private var most = 0
    /// All bytes that had left when they were looked at last, and when that number last grew.
    private var sent = 0
    private var progress = NIODeadline.now()
    private var check: Scheduled<Void>?

    init(of socket: ReactorSocket, backlog: ConnectionBacklog, patience: TimeAmount) {
        self.socket = socket
        self.backlog = backlog
        self.patience = patience
    }

    /// So many bytes have been written to the socket.
    func wrote(_ count: Int) {
        written += count
    }

    /// The socket has sent what it could.
    func flushed() {
        let unsent = socket.unsentCount
        most = max(most, unsent)
        if check == nil, unsent > Self.uncounted {
            progress = .now()
            look()
        }
    }

    /// The socket is closed.
    func closed() {
        check?.cancel()
        check = nil
        backlog.close(most: most)
    }

    /// Counts what is unsent, and looks again as long as something is.
    private func look() {
        let unsent = socket.unsentCount
        backlog.set(unsent)
        if written - unsent > sent {
            sent = written - unsent
            progress = .now()
        }
        let isTooMuch = unsent > 0 && (!socket.isWritable || backlog.isToWait)
        guard !isTooMuch || NIODeadline.now() - progress < patience else {
            socket.close()
            return
        }
        // Planned before anybody is told, who may write and flush and so come here again.
        check =
            unsent == 0
            ? nil
            : socket.reactor.assumeIsolated().scheduleTask(in: Self.interval) {
                self.look()
            }
        // Another client may have made the room.
        if !backlog.isToWait {
            resume()
        }
    }
}
