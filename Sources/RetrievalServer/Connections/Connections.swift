import NIOCore
import Synchronization

/// The connections that are open, so that they can be ended in good order.
final class Connections: Sendable {
    private struct State {
        var open: [Int: any Channel] = [:]
        /// How many there have been.
        var count = 0
        var isDraining = false
    }

    private let state = Mutex(State())

    /// How many are open.
    var count: Int { state.withLock { $0.open.count } }

    /// Remembers `channel` until it closes, and gives it a number that no other has.
    func add(_ channel: any Channel) -> Int {
        let (id, isDraining) = state.withLock { state in
            state.count += 1
            state.open[state.count] = channel
            return (state.count, state.isDraining)
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.open[id] = nil }
        }
        if isDraining {
            // Accepted while the listening socket was being closed.
            channel.eventLoop.execute { Self.drain(channel) }
        }
        return id
    }

    /// Lets calls in flight end, closes what is idle, and returns when all is closed; what still
    /// works after `time` is cut off.
    func drain(within time: Duration) async {
        let channels = state.withLock { state in
            state.isDraining = true
            return Array(state.open.values)
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
