import Logging
import NIOCore
import Synchronization
import Wire

/// Writes calls to the log that took long.
///
/// Of those of one second the first ten; the line that comes next tells how many were left out.
final class SlowCalls: Sendable {
    private static let mostInASecond = 10

    private struct Second {
        var began: NIODeadline?
        var written = 0
        var leftOut = 0
    }

    /// In nanoseconds; 0 where no call is slow.
    private let least = Atomic<Int64>(0)
    private let logger: Logger
    private let second = Mutex(Second())
    private let seen = Atomic(0)

    /// Calls that take `threshold` or longer are slow; none where that is zero.
    init(threshold: TimeAmount, logger: Logger) {
        self.logger = logger
        self.threshold = threshold
    }

    /// May change at any time.
    var threshold: TimeAmount {
        get { .nanoseconds(least.load(ordering: .relaxed)) }
        set { least.store(newValue.nanoseconds, ordering: .relaxed) }
    }

    /// Whether any call would be slow.
    var isOn: Bool { threshold > .zero }

    /// How many there have been, written or not.
    var count: Int { seen.load(ordering: .relaxed) }

    /// Writes the call down where it was slow.
    func look(at pending: PendingCall, _ code: StatusCode, took time: TimeAmount, now: NIODeadline)
    {
        guard isOn, time >= threshold else { return }
        seen.wrappingAdd(1, ordering: .relaxed)
        guard let leftOut = admit(at: now) else { return }
        logger.warning(
            "slow call",
            metadata: facts(of: pending, code, took: time, leftOut: leftOut)
        )
    }

    /// How many were left out before this one, which is to be written; nil where it is not.
    private func admit(at now: NIODeadline) -> Int? {
        second.withLock { second in
            if second.began.map({ now - $0 >= .seconds(1) }) ?? true {
                second.began = now
                second.written = 0
            }
            guard second.written < Self.mostInASecond else {
                second.leftOut += 1
                return nil
            }
            second.written += 1
            defer { second.leftOut = 0 }
            return second.leftOut
        }
    }

    private func facts(
        of pending: PendingCall,
        _ code: StatusCode,
        took time: TimeAmount,
        leftOut: Int
    ) -> Logger.Metadata {
        var facts: Logger.Metadata = [
            "method": "\(pending.call.method.name)",
            "status": "\(code.name)",
            "ms": "\(milliseconds(time))",
            "connection": "\(pending.caller.connection)",
        ]
        if let began = pending.notes?.workBegan {
            facts["waited_ms"] = "\(milliseconds(began - pending.receipt))"
        }
        if let search = pending.notes?.search {
            facts["queries"] = "\(search.queries)"
            facts["k"] = "\(search.k)"
            facts["effort"] = "\(search.effort)"
            facts["generation"] = "\(search.generation)"
        }
        if leftOut > 0 {
            facts["left_out"] = "\(leftOut)"
        }
        return facts
    }
}

/// To the microsecond.
private func milliseconds(_ time: TimeAmount) -> Double {
    Double(time.nanoseconds / 1_000) / 1_000
}
