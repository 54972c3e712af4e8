import CEpoll
import Foundation

/// A set of descriptors, each under a token, and what has become of them.
struct Poller {
    /// The token of its own alarm.
    private static let alarmToken: UInt64 = 0
    /// How many events are told at a time.
    static let room = 64

    private let set: Int32
    private let alarm: Int32

    /// - Throws: ``ReactorError`` where the system has no descriptors left.
    init() throws(ReactorError) {
        set = CEpollCreate()
        alarm = CEpollAlarm()
        guard set >= 0, alarm >= 0,
            CEpollAdd(set, alarm, Self.alarmToken, true, false) == 0
        else {
            let error = ReactorError("make an event loop")
            close()
            throw error
        }
    }

    /// To be called by the last who uses it.
    func close() {
        for descriptor in [set, alarm] where descriptor >= 0 {
            _ = Foundation.close(descriptor)
        }
    }

    func add(_ descriptor: Int32, token: UInt64, _ interest: Interest) -> Bool {
        CEpollAdd(
            set,
            descriptor,
            token,
            interest.contains(.reading),
            interest.contains(.writing)
        ) == 0
    }

    func change(_ descriptor: Int32, token: UInt64, to interest: Interest) -> Bool {
        CEpollChange(
            set,
            descriptor,
            token,
            interest.contains(.reading),
            interest.contains(.writing)
        ) == 0
    }

    /// Waits for `nanoseconds`, for ever where they are negative, and puts into `events` what has
    /// become of the descriptors; says of how many there is something to tell, and whether the alarm
    /// rang.
    func wait(nanoseconds: Int64, _ events: inout [CEpollEvent]) -> (count: Int, isAlarmed: Bool) {
        let all = unsafe events.withUnsafeMutableBufferPointer { events in
            guard let start = events.baseAddress else { return 0 }
            // A signal is no reason to look anywhere; the loop goes round once more.
            return unsafe max(0, Int(CEpollWait(set, start, Int32(events.count), nanoseconds)))
        }
        guard let place = events[..<all].firstIndex(where: { $0.token == Self.alarmToken }) else {
            return (all, false)
        }
        events.swapAt(place, all - 1)
        var count: UInt64 = 0
        _ = unsafe read(alarm, &count, MemoryLayout<UInt64>.size)
        return (all - 1, true)
    }

    /// Ends the wait of another thread, or the next one.
    func ring() {
        var one: UInt64 = 1
        _ = unsafe write(alarm, &one, MemoryLayout<UInt64>.size)
    }
}

/// What is to be told of a descriptor, beside that it is over.
struct Interest: OptionSet {
    static let reading = Interest(rawValue: 1)
    static let writing = Interest(rawValue: 2)

    let rawValue: UInt8
}

/// What the system refused to do.
package struct ReactorError: Error, CustomStringConvertible {
    package let description: String

    /// What `errno` says of an attempt to do something.
    init(_ attempt: String) {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        description = "cannot \(attempt): \(reason)"
    }
}
