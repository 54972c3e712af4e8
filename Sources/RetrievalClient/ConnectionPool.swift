import NIOCore
import Synchronization

/// The connections of a client, open or being opened: a call goes to the one with the fewest.
final class ConnectionPool: Sendable {
    /// A connection that is open, or being opened.
    struct Entry: Sendable {
        let opening: EventLoopFuture<Connection>
        let state: ConnectionState
        /// The connection once it is open: to ask the future would take two changes of threads.
        fileprivate(set) var open: Connection?

        var connection: Connection {
            get async throws {
                if let open { open } else { try await opening.get() }
            }
        }
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
    ) -> Entry {
        let (entry, isNew) = entries.withLock { entries in
            // A retired one is no longer chosen, but it is still to be closed.
            entries.removeAll { $0.state.isLost }
            let usable = entries.filter(\.state.isUsable)
            let idlest = usable.min { $0.state.load < $1.state.load }
            if let idlest, idlest.state.load == 0 || usable.count >= size {
                idlest.state.begin()
                return (idlest, false)
            }
            let state = ConnectionState()
            state.begin()
            let entry = Entry(opening: open(state), state: state)
            entries.append(entry)
            return (entry, true)
        }
        if isNew {
            entry.opening.whenSuccess { connection in self.note(connection, entry.state) }
        }
        return entry
    }

    private func note(_ connection: Connection, _ state: ConnectionState) {
        entries.withLock { entries in
            if let index = entries.firstIndex(where: { $0.state === state }) {
                entries[index].open = connection
            }
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
