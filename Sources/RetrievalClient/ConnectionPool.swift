import NIOCore
import Synchronization

/// The connections of a client, open or being opened: a call goes to the one with the fewest.
final class ConnectionPool: Sendable {
    private struct Entry {
        let opening: EventLoopFuture<Connection>
        let state: ConnectionState
    }

    private let size: Int
    private let entries = Mutex<[Entry]>([])

    init(size: Int) {
        precondition(size > 0, "a client needs a connection")
        self.size = size
    }

    /// A connection for one call, which counts it from now on until it has ended; where all have
    /// calls and there is room for one more, a new one by `open`.
    func take(
        orOpen open: (ConnectionState) -> EventLoopFuture<Connection>
    ) -> EventLoopFuture<Connection> {
        entries.withLock { entries in
            // A retired one is no longer chosen, but it is still to be closed.
            entries.removeAll { $0.state.isLost }
            let usable = entries.filter(\.state.isUsable)
            let idlest = usable.min { $0.state.load < $1.state.load }
            if let idlest, idlest.state.load == 0 || usable.count >= size {
                idlest.state.begin()
                return idlest.opening
            }
            let state = ConnectionState()
            state.begin()
            let opening = open(state)
            entries.append(Entry(opening: opening, state: state))
            return opening
        }
    }

    /// Closes all; calls in flight fail.
    func close() async {
        let all = entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
        for entry in all {
            await (try? entry.opening.get())?.close()
        }
    }
}
