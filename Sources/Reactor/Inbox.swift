import HeapModule
import NIOCore
import Synchronization

/// What a reactor has been asked to do, by itself or by other threads.
struct Inbox {
    private var tasks: [@Sendable () -> Void] = []
    private var timers = Heap<Timer>()
    private var timerCount = 0
    private var cancelledCount = 0
    /// Whether the reactor has to be woken to see what comes now.
    var isAsleep = false
    /// Whether the reactor ends after what is here.
    var isClosed = false

    /// From so many cancelled timers on they are thrown out as soon as they are half of all.
    private static let manyCancelled = 64

    mutating func append(_ task: @escaping @Sendable () -> Void) {
        tasks.append(task)
    }

    /// Adds a task for a certain time, which is told whether that has come or never will.
    mutating func append(
        at deadline: NIODeadline,
        _ task: @escaping @Sendable (_ isDue: Bool) -> Void
    ) -> Timer {
        timerCount += 1
        let timer = Timer(at: deadline, number: timerCount, task)
        timers.insert(timer)
        return timer
    }

    /// Lets `timer` do nothing, unless it has already.
    mutating func cancel(_ timer: Timer) {
        guard timer.cancel() else { return }
        cancelledCount += 1
        if cancelledCount > Self.manyCancelled, 2 * cancelledCount > timers.count {
            let left = timers.unordered.filter { !$0.isOver }
            timers = Heap()
            for timer in left {
                timers.insert(timer)
            }
            cancelledCount = 0
        }
    }

    /// Moves what is due to `due`, in order; of what was asked for at once all, if less is due.
    mutating func takeDue(_ due: inout [@Sendable () -> Void]) {
        swap(&tasks, &due)
        guard !timers.isEmpty else { return }
        let now = NIODeadline.now()
        while let first = timers.min, first.isOver || first.deadline <= now {
            timers.removeMin()
            if let task = first.take() {
                due.append { task(true) }
            } else {
                cancelledCount -= 1
            }
        }
    }

    /// Takes the timers that will never be due.
    mutating func takeTimers() -> [Timer] {
        defer { timers = Heap() }
        return timers.unordered
    }

    /// When the next timer is due; nil for never.
    var nextDeadline: NIODeadline? { timers.min?.deadline }
}

/// A task for a certain time; everything happens under the lock of its inbox.
final class Timer: Comparable, Sendable {
    let deadline: NIODeadline
    private let number: Int
    private let task: Mutex<(@Sendable (Bool) -> Void)?>

    fileprivate init(
        at deadline: NIODeadline,
        number: Int,
        _ task: @escaping @Sendable (_ isDue: Bool) -> Void
    ) {
        self.deadline = deadline
        self.number = number
        self.task = Mutex(task)
    }

    fileprivate var isOver: Bool { task.withLock { $0 == nil } }

    /// Whether there was something to cancel.
    fileprivate func cancel() -> Bool { take() != nil }

    func take() -> (@Sendable (_ isDue: Bool) -> Void)? {
        task.withLock { task in
            defer { task = nil }
            return task
        }
    }

    static func == (left: Timer, right: Timer) -> Bool { left === right }

    static func < (left: Timer, right: Timer) -> Bool {
        (left.deadline, left.number) < (right.deadline, right.number)
    }
}
