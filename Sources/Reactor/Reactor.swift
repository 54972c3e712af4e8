import CEpoll
import Dispatch
import Foundation
package import NIOCore
import Synchronization

/// One thread that serves many sockets, in turn with tasks: an event loop of NIO's kind, and a
/// shorter way from a socket to whoever answers.
///
/// It goes round: take what is due, look at the sockets, serve those that are ready, do what was
/// due. So a task that another task asks for comes after a look at the sockets, and who does his
/// work in turns lets others have theirs.
///
/// After it has served a socket it looks for more for a while before it goes to sleep, see
/// ``BusyPoll``.
package final class Reactor: Sendable {
    let poller: Poller
    let inbox = Mutex(Inbox())
    /// The thread; 0 before it runs.
    let thread = Atomic<UInt>(0)
    private let closed = DispatchGroup()
    /// How long what is due waits for more sockets than are told at a time.
    private static let longestRound = TimeAmount.milliseconds(20)
    // Its thread's own.
    nonisolated(unsafe) var sockets = SocketTable()

    /// Starts the thread; it looks for `pollTime` before it sleeps.
    ///
    /// - Throws: ``ReactorError`` where the system has no descriptors left.
    package init(name: String, pollTime: TimeAmount = .zero) throws(ReactorError) {
        poller = try Poller()
        closed.enter()
        let thread = Thread { [self] in run(pollTime) }
        thread.name = name
        thread.start()
    }

    deinit {
        // Not by the thread: somebody may be about to ring.
        poller.close()
    }

    /// Ends the thread when it has done what it was asked for up to now, and returns then.
    ///
    /// Sockets that are open by then are closed, and timers that are not due fail.
    package func close() async {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.isClosed = true }
            return !inbox.isClosed
        }
        if isFirst {
            poller.ring()
        }
        await withCheckedContinuation { continuation in
            closed.notify(queue: .global()) { continuation.resume() }
        }
    }
}

// MARK: - Going round

extension Reactor {
    private func run(_ pollTime: TimeAmount) {
        thread.store(currentThread(), ordering: .relaxed)
        var poll = BusyPoll(for: pollTime)
        var received = ByteBuffer()
        var events = [CEpollEvent](repeating: CEpollEvent(), count: Poller.room)
        var due: [Inbox.Task] = []
        while true {
            let (sleep, isClosed) = takeDue(&due)
            var count = poll.wait(sleep) { poller.wait(nanoseconds: $0, &events) }
            var served = 0
            var end: NIODeadline?
            while count > 0 {
                for place in 0..<count {
                    // One that was closed by another's event is gone.
                    let event = events[place]
                    unsafe sockets[event.token]?.serve(event, into: &received)
                }
                // All that are ready come before what is due: it may be that they are not. Not for
                // long, though: timers are due at their time, and epoll goes on with the others.
                served += count
                guard count == Poller.room, unsafe served < sockets.count else { break }
                let now = NIODeadline.now()
                end = end ?? now + Self.longestRound
                guard now < end ?? now else { break }
                count = poller.wait(nanoseconds: 0, &events).count
            }
            if due.isEmpty {
                if isClosed, isLastRound() { break }
            } else {
                for task in due {
                    task()
                }
                due.removeAll(keepingCapacity: true)
            }
        }
        closed.leave()
    }

    /// Ends what is left, of which its owners hear in another round; whether nothing was.
    private func isLastRound() -> Bool {
        let timers = inbox.withLock { $0.takeTimers() }
        for timer in timers {
            timer.take()?(false)
        }
        let left = unsafe sockets.all
        for socket in left {
            socket.close()
        }
        return timers.isEmpty && left.isEmpty
    }

    /// Takes what is due, and says how many nanoseconds there are to sleep: none where something is,
    /// and -1 for as long as nothing happens.
    private func takeDue(_ due: inout [Inbox.Task]) -> (sleep: Int64, isClosed: Bool) {
        inbox.withLock { inbox in
            inbox.isAsleep = false
            inbox.takeDue(&due)
            guard due.isEmpty, !inbox.isClosed else { return (0, inbox.isClosed) }
            inbox.isAsleep = true
            guard let next = inbox.nextDeadline else { return (-1, false) }
            return (max(0, (next - .now()).nanoseconds), false)
        }
    }

    /// Changes what is in the inbox, and wakes the thread if need be.
    func post(_ change: (inout Inbox) -> Void) {
        let isAsleep = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if isAsleep, !inEventLoop {
            poller.ring()
        }
    }
}

func currentThread() -> UInt {
    UInt(pthread_self())
}
