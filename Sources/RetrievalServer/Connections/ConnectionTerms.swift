import Synchronization

/// On what terms clients are connected.
struct ConnectionTerms: Sendable, Equatable {
    var access = AccessRules()
    /// How many connections there may be.
    var connections = Limits.connections
    /// How long the rest of a frame may take once it has begun.
    var frameTime = Duration.seconds(5)
    /// How long a client may leave unread what is waiting for it.
    var stallTime = Duration.seconds(10)
    /// How long calls in flight may take to end when the server stops.
    var drainTime = Duration.seconds(8)
}

/// A value that may be replaced while others read it.
final class Replaceable<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
