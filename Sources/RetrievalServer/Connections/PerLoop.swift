import NIOCore
import Synchronization

/// A value for each event loop, made when it is first asked for.
final class PerLoop<Value>: Sendable {
    private let make: @Sendable (any EventLoop) -> Value
    private let values = Mutex<[ObjectIdentifier: NIOLoopBound<Value>]>([:])

    init(_ make: @escaping @Sendable (any EventLoop) -> Value) {
        self.make = make
    }

    /// The value of `loop`; to be asked on it.
    func value(of loop: any EventLoop) -> Value {
        let known = values.withLock { $0[ObjectIdentifier(loop)] }
        if let known { return known.value }
        let bound = NIOLoopBound(make(loop), eventLoop: loop)
        values.withLock { $0[ObjectIdentifier(loop)] = bound }
        return bound.value
    }
}
