import Synchronization

/// Who waits for the answers of one call: for one response, or for the messages of a stream.
///
/// It is told its end once; what comes after is dropped.
final class Waiter: Sendable {
    /// What it is told.
    enum Event: Sendable {
        /// A message of a stream.
        case message([UInt8])
        /// The response of a unary call, or of a server that ends a stream by one.
        case response([UInt8])
        /// The good end of a stream.
        case end
        case failure(any Error)

        /// Whether nothing follows it.
        var isLast: Bool {
            if case .message = self { false } else { true }
        }
    }

    /// Whether it waits for a stream.
    let isStream: Bool
    private let hear: @Sendable (Event) -> Void
    private let hasEnded = Atomic(false)
    /// The call's stream id once it has been sent; 0 before.
    private let id = Atomic<UInt32>(0)

    init(isStream: Bool, _ hear: @escaping @Sendable (Event) -> Void) {
        self.isStream = isStream
        self.hear = hear
    }

    var streamID: UInt32? {
        get { id.load(ordering: .relaxed) == 0 ? nil : id.load(ordering: .relaxed) }
        set { id.store(newValue ?? 0, ordering: .relaxed) }
    }

    /// Whether nobody waits any longer.
    var isOver: Bool { hasEnded.load(ordering: .acquiring) }

    func tell(_ event: Event) {
        if !event.isLast {
            if !isOver { hear(event) }
        } else if !hasEnded.exchange(true, ordering: .acquiringAndReleasing) {
            hear(event)
        }
    }
}

/// The connection was gone before a whole request had left it: the call may be made again.
struct NotSent: Error {
    /// What the caller hears where that has been tried often enough.
    let loss: RetrievalClientError
}
