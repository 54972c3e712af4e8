import NIOCore

/// Looks for the next request for a while, before an event loop goes to sleep.
///
/// To wake a sleeping thread takes longer than to answer most calls, above all in a virtual machine,
/// and a client that has its answer often has its next request at hand. Where nothing came, the next
/// few times there is no look, and ever fewer as that goes on: a client that thinks for longer than
/// the looking lasts costs next to nothing, and so does one that waits for this very processor.
///
/// It is not offered to others between two looks: sched_yield(2) may give it to a thread of the
/// least priority, which keeps it until the scheduler's next tick, 4 ms.
struct BusyPoll {
    private let time: TimeAmount
    private var restraint = Restraint()
    /// Whether there was something to serve, after which it is worth a look.
    private var hasServed = false

    init(for time: TimeAmount) {
        self.time = time
    }

    /// Waits by `poll`, at first without sleeping.
    ///
    /// It is given nanoseconds, and says how many events there are and whether somebody rang.
    mutating func wait(
        _ sleep: Int64,
        by poll: (Int64) -> (count: Int, isAlarmed: Bool)
    ) -> Int {
        var left = sleep
        if sleep != 0, hasServed, time > .zero {
            switch look(atMost: sleep > 0 ? min(time.nanoseconds, sleep) : time.nanoseconds, poll) {
            case .found(let count):
                hasServed = count > 0
                return count
            case .nothing(let spent):
                // What was looked away is not slept again.
                left = sleep > 0 ? max(0, sleep - spent) : sleep
            }
        }
        let count = poll(left).count
        hasServed = count > 0
        return count
    }

    private enum Look {
        /// So many events, and none where somebody rang.
        case found(Int)
        /// Nothing in so many nanoseconds.
        case nothing(Int64)
    }

    /// Looks at least once, and for up to `longest` nanoseconds, unless it is time to rest.
    private mutating func look(
        atMost longest: Int64,
        _ poll: (Int64) -> (count: Int, isAlarmed: Bool)
    ) -> Look {
        guard restraint.allows() else { return .nothing(0) }
        // What the first look finds needs no clock.
        var start: NIODeadline?
        while true {
            let found = poll(0)
            if found.count > 0 || found.isAlarmed {
                restraint.tried(paid: true)
                return .found(found.count)
            }
            let now = NIODeadline.now()
            let spent = (now - (start ?? now)).nanoseconds
            guard spent < longest else {
                restraint.tried(paid: false)
                return .nothing(spent)
            }
            start = start ?? now
        }
    }
}
