import NIOCore
import Reactor
import Synchronization

/// The connections that are open, so that they can be counted, and ended in good order.
final class Connections: Sendable {
    private struct Place {
        let isLimited: Bool
        /// Nil while the connection is being made.
        var connection: OpenConnection?
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

    /// Remembers the connection of a place, which is given back when it closes.
    func fill(_ place: Int, with connection: OpenConnection) {
        let isDraining = state.withLock { state in
            state.places[place]?.connection = connection
            return state.isDraining
        }
        connection.closeFuture.whenComplete { _ in self.giveBack(place) }
        if isDraining {
            connection.drain()  // accepted while the listening socket was being closed
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
        let all = state.withLock { state in
            state.isDraining = true
            return state.places.values.compactMap(\.connection)
        }
        for connection in all {
            connection.drain(within: TimeAmount(time))
        }
        for connection in all {
            try? await connection.closeFuture.get()
        }
    }
}

/// A connection that is open, as others than its event loop see it.
struct OpenConnection: Sendable {
    private let reactor: Reactor
    private let handler: NIOLoopBound<ConnectionHandler>
    let closeFuture: EventLoopFuture<Void>

    /// To be made on its event loop.
    init(_ handler: ConnectionHandler) {
        reactor = handler.socket.reactor
        self.handler = NIOLoopBound(handler, eventLoop: reactor)
        closeFuture = handler.socket.closeFuture
    }

    /// Ends it after the calls in flight.
    func drain() {
        reactor.execute { [handler] in handler.value.drain() }
    }

    /// Ends it after the calls in flight, and after `time` in any case.
    func drain(within time: TimeAmount) {
        drain()
        let end = reactor.scheduleTask(in: time) { [handler] in handler.value.socket.close() }
        closeFuture.whenComplete { _ in end.cancel() }
    }
}
