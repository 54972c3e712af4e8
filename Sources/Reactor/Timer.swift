import NIOCore
import Synchronization

/// A task for a certain time, which waits in an inbox until that, and may be cancelled until it is
/// its turn.
final class Timer: Comparable, Sendable {
    private struct State {
        var task: (@Sendable (_ isDue: Bool) -> Void)?
        var isWaiting = true
    }

    let deadline: NIODeadline
    private let number: Int
    private let state: Mutex<State>

    /// The task is told whether its time has come or never will; of two for one time the one of the
    /// lower number comes first.
    init(
        at deadline: NIODeadline,
        number: Int,
        _ task: @escaping @Sendable (_ isDue: Bool) -> Void
    ) {
        self.deadline = deadline
        self.number = number
        state = Mutex(State(task: task))
    }

    /// Whether there is nothing to do any more.
    var isOver: Bool { state.withLock { $0.task == nil } }

    /// Lets it do nothing; whether it waits in its inbox all the same.
    func cancel() -> Bool {
        state.withLock { state in
            guard state.task != nil else { return false }
            state.task = nil
            return state.isWaiting
        }
    }

    /// It is taken out of its inbox.
    func becomeDue() {
        state.withLock { $0.isWaiting = false }
    }

    /// Its task, to be done once.
    func take() -> (@Sendable (_ isDue: Bool) -> Void)? {
        state.withLock { state in
            defer { state.task = nil }
            return state.task
        }
    }

    static func == (left: Timer, right: Timer) -> Bool { left === right }

    static func < (left: Timer, right: Timer) -> Bool {
        (left.deadline, left.number) < (right.deadline, right.number)
    }
}
