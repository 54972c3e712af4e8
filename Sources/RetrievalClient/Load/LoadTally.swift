import NIOCore
import Wire

/// How long each call of one connection took, and which failed.
struct LoadTally: Sendable {
    /// Nanoseconds; when a call began, until it has ended.
    private(set) var times: [UInt64]
    private(set) var failures = 0
    private(set) var firstFailure: CallError?
    /// When the last answer came.
    private(set) var end: UInt64 = 0

    init(calls: Int) {
        times = [UInt64](repeating: 0, count: calls)
    }

    mutating func begin(_ call: Int, at time: UInt64) {
        times[call] = time
    }

    mutating func end(_ call: Int, at time: UInt64, _ frame: Frame) {
        times[call] = time - times[call]
        end = time
        guard frame.mayTellOfAFailure else { return }
        do {
            _ = try frame.result().get()
        } catch {
            failures += 1
            firstFailure = firstFailure ?? error
        }
    }
}

extension Frame {
    /// A success is all that a glance must tell, for the next call waits: a response without a
    /// status begins with the tag of its payload, or is empty.
    fileprivate var mayTellOfAFailure: Bool {
        let payloadTag: UInt8 = 2 << 3 | 2
        return body.readableBytesView.first.map { $0 != payloadTag } ?? false
    }
}
