import NIOCore
import Synchronization

/// The connections of a small server, in the order in which they came.
///
/// There is room for a few. Who takes the last place has the oldest connection closed, so that
/// nobody keeps others out by staying.
final class Visitors: Sendable {
    private struct State {
        /// How many have entered and not left.
        var count = 0
        var settled: [any Channel] = []
    }

    private let room: Int
    private let state = Mutex(State())

    init(room: Int) {
        self.room = room
    }

    /// Takes a place for a connection that is about to be made; false where there is none.
    func enter() -> Bool {
        let (isIn, oldest): (Bool, (any Channel)?) = state.withLock { state in
            guard state.count < room else { return (false, state.settled.first) }
            state.count += 1
            return (true, state.count == room ? state.settled.first : nil)
        }
        oldest?.close(promise: nil)
        return isIn
    }

    /// Remembers the connection of a place until it closes.
    func settle(_ channel: any Channel) {
        state.withLock { $0.settled.append(channel) }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.settled.removeAll { $0 === channel } }
        }
    }

    /// Gives a place back.
    func leave() {
        state.withLock { $0.count -= 1 }
    }
}
