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
            watch(alarm, token: Self.alarmToken, for: .reading, isNew: true)
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

    /// Tells from now on what `interest` says of a descriptor, which may be new to it; false where
    /// the system refuses.
    func watch(
        _ descriptor: Int32,
        token: UInt64,
        for interest: Interest,
        isNew: Bool
    ) -> Bool {
        CEpollWatch(
            set,
            descriptor,
            token,
            isNew,
            interest.contains(.reading),
            interest.contains(.writing)
        ) == 0
    }

    /// Forgets a descriptor; closing it is not enough while another process still has it.
    func remove(_ descriptor: Int32) {
        CEpollRemove(set, descriptor)
    }

    /// Waits for `nanoseconds`, for ever where they are negative, and puts into `events` what has
    /// become of the descriptors; says of how many there is something to tell, and whether the alarm
    /// rang.
    func wait(nanoseconds: Int64, _ events: inout [CEpollEvent]) -> (count: Int, isAlarmed: Bool) {
        let all = unsafe events.withUnsafeMutableBufferPointer { events in
            guard let start = events.baseAddress else { return 0 }
            let count = unsafe Int(CEpollWait(set, start, Int32(events.count), nanoseconds))
            // A signal is no reason to look anywhere; the loop goes round once more. All else that
            // epoll_wait(2) may say, EBADF, EFAULT and EINVAL, is that the set was closed or the
            // room is none: a fault in here, which nothing that a client or the machine does brings
            // about and no second try ends. A loop that cannot wait answers nobody, though its
            // sockets would look open; a process that ends is started again by its supervisor.
            guard count >= 0 || errno == EINTR else {
                fatalError("\(ReactorError("wait for sockets"))")
            }
            return max(0, count)
        }
        guard let place = (0..<all).first(where: { events[$0].token == Self.alarmToken }) else {
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
