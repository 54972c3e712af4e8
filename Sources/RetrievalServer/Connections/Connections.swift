import NIOCore
import Synchronization

/// The connections that are open, so that they can be counted, and ended in good order.
final class Connections: Sendable {
    private struct Place {
        let isLimited: Bool
        /// Nil while the connection is being made.
        var channel: (any Channel)?
    }

    private struct State {
        var places: [Int: Place] = [:]
        /// How many places have been taken, ever.
        var taken = 0
        /// How many of those taken now count towards a limit.
        var limited = 0
        var isDraining = false
    }

    private let state = Mutex(State())

    /// How many are open.
    var count: Int { state.withLock { $0.places.count } }

    /// Takes a place for a connection, which has a number that no other has; nil where `limit` are
    /// taken, those without a limit not counted.
    func takePlace(limit: Int?) -> Int? {
        state.withLock { state in
            if let limit {
                guard state.limited < limit else { return nil }
                state.limited += 1
            }
            state.taken += 1
            state.places[state.taken] = Place(isLimited: limit != nil)
            return state.taken
        }
    }

    /// Remembers the channel of a place, which is given back when it closes.
    func fill(_ place: Int, with channel: any Channel) {
        let isDraining = state.withLock { state in
            state.places[place]?.channel = channel
            return state.isDraining
        }
        channel.closeFuture.whenComplete { _ in self.giveBack(place) }
        if isDraining {
            // Accepted while the listening socket was being closed.
            channel.eventLoop.execute { Self.drain(channel) }
        }
    }

    /// Gives a place back, unless that has been done.
    func giveBack(_ place: Int) {
        state.withLock { state in
            let left = state.places.removeValue(forKey: place)
            state.limited -= left?.isLimited == true ? 1 : 0
        }
    }

    /// Lets calls in flight end, closes what is idle, and returns when all is closed; what still
    /// works after `time` is cut off.
    func drain(within time: Duration) async {
        let channels = state.withLock { state in
            state.isDraining = true
            return state.places.values.compactMap(\.channel)
        }
        for channel in channels {
            Self.drain(channel)
            let end = channel.eventLoop.scheduleTask(in: TimeAmount(time)) {
                channel.close(promise: nil)
            }
            channel.closeFuture.whenComplete { _ in end.cancel() }
        }
        for channel in channels {
            try? await channel.closeFuture.get()
        }
    }

    private static func drain(_ channel: any Channel) {
        channel.pipeline.fireUserInboundEventTriggered(ConnectionHandler.Drain())
    }
}
