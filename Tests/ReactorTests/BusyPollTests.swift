import NIOCore
import Testing

@testable import Reactor

struct BusyPollTests {
    /// Waits once; says how long the sleeps were that it asked for, without those of 0.
    private func sleeps(
        _ poll: inout BusyPoll,
        finding: Int = 0,
        after looks: Int = .max
    ) -> (looks: Int, sleeps: [Int64]) {
        var (seen, sleeps): (Int, [Int64]) = (0, [])
        _ = poll.wait(-1) { nanoseconds in
            guard nanoseconds == 0 else {
                sleeps.append(nanoseconds)
                return (finding, false)
            }
            seen += 1
            return (seen > looks ? finding : 0, false)
        }
        return (seen, sleeps)
    }

    @Test func `without time for it there is no look`() {
        var poll = BusyPoll(for: .zero)
        for _ in 0..<3 {
            #expect(sleeps(&poll, finding: 1) == (0, [-1]))
        }
    }

    @Test func `after something was served it looks before it sleeps`() {
        var poll = BusyPoll(for: .milliseconds(300))
        #expect(sleeps(&poll, finding: 1) == (0, [-1]))
        #expect(sleeps(&poll, finding: 1, after: 3) == (4, []))
        let vain = sleeps(&poll)
        #expect(vain.looks >= 1 && vain.sleeps == [-1])
        // Nothing was served: no look.
        #expect(sleeps(&poll, finding: 1) == (0, [-1]))
    }

    @Test func `looks in vain become rare, until something comes`() {
        var poll = BusyPoll(for: .microseconds(200))
        var looks: [Int] = []
        for number in 0..<260 {
            _ = sleeps(&poll, finding: 1)  // by an event that wakes it
            if sleeps(&poll).looks > 0 { looks.append(number) }
        }
        #expect(looks == [0, 2, 6, 14, 30, 62, 126, 190, 254])
    }

    @Test func `a ring ends the look`() {
        var poll = BusyPoll(for: .seconds(20))
        _ = sleeps(&poll, finding: 1)
        let start = ContinuousClock.now
        let count = poll.wait(-1) { $0 == 0 ? (0, true) : (0, false) }
        #expect(count == 0 && ContinuousClock.now - start < .seconds(10))
    }

    @Test func `it looks no longer than it may sleep, and sleeps what is left`() {
        var poll = BusyPoll(for: .seconds(20))
        _ = sleeps(&poll, finding: 1)
        let start = ContinuousClock.now
        var slept: Int64 = -1
        _ = poll.wait(2_000_000) { nanoseconds in
            slept = nanoseconds
            return (0, false)
        }
        #expect(slept == 0 && ContinuousClock.now - start < .seconds(10))
    }
}
