import Foundation
import NIOCore
import Synchronization

/// What the daemon knows of how it does; all of it is counted from its start.
///
/// ```swift
/// let tally = telemetry.tally(of: socket.reactor)
/// tally.answered(pending, .ok)
/// telemetry.calls[.search].times.valueAtPercentile(99)
/// ```
final class Telemetry: Sendable {
    let began = ContinuousClock.now
    /// Seconds since 1970.
    let beganAt = Date().timeIntervalSince1970
    let connections = ConnectionCounts()
    let swaps = SwapCounts()
    /// What searches find, where that is looked at.
    let recall: LiveRecall?
    let slow: SlowCalls?
    private let tallies = Mutex<[ObjectIdentifier: CallTally]>([:])

    init(recall: LiveRecall? = nil, slow: SlowCalls? = nil) {
        self.recall = recall
        self.slow = slow
    }

    /// Where calls of connections of `loop` are counted; to be asked once for a connection.
    func tally(of loop: any EventLoop) -> CallTally {
        tallies.withLock { tallies in
            if let known = tallies[ObjectIdentifier(loop)] { return known }
            let tally = CallTally(connections: connections, slow: slow)
            tallies[ObjectIdentifier(loop)] = tally
            return tally
        }
    }

    /// The calls of all event loops.
    var calls: CallSummary {
        var sum = CallSummary()
        for tally in allTallies {
            sum.add(tally.summary)
        }
        return sum
    }

    /// How many calls are on their way to being answered.
    var callsInFlight: Int {
        allTallies.reduce(0) { $0 + $1.inFlightCount }
    }

    private var allTallies: [CallTally] {
        tallies.withLock { Array($0.values) }
    }
}
