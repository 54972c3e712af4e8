import HeapModule
import NIOCore

/// What a reactor has been asked to do, by itself or by other threads.
struct Inbox {
    /// Something that is due.
    enum Task {
        case now(@Sendable () -> Void)
        /// Unless it is cancelled before its turn comes.
        case timer(Timer)

        func callAsFunction() {
            switch self {
            case .now(let task): task()
            case .timer(let timer): timer.take()?(true)
            }
        }
    }

    private var tasks: [Task] = []
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
        tasks.append(.now(task))
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
    mutating func takeDue(_ due: inout [Task]) {
        swap(&tasks, &due)
        guard !timers.isEmpty else { return }
        let now = NIODeadline.now()
        while let first = timers.min, first.isOver || first.deadline <= now {
            timers.removeMin()
            if first.isOver {
                cancelledCount -= 1
            } else {
                first.becomeDue()
                due.append(.timer(first))
            }
        }
    }

    /// Takes the timers that will never be due.
    mutating func takeTimers() -> [Timer] {
        defer { (timers, cancelledCount) = (Heap(), 0) }
        return timers.unordered
    }

    /// When the next timer is due; nil for never.
    var nextDeadline: NIODeadline? { timers.min?.deadline }
}
