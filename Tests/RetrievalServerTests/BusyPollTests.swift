import Foundation
import NIOCore
import Testing

@testable import RetrievalServer

struct BusyPollTests {
    /// Two sockets, one of which hears what is written to the other.
    private final class Pair: Sendable {
        let near: Int32
        let far: Int32

        init() {
            var both: [Int32] = [-1, -1]
            let made = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &both)
            precondition(made == 0, "no socket pair: \(errno)")
            (near, far) = (both[0], both[1])
        }

        func send() {
            let byte: [UInt8] = [1]
            let count = unsafe byte.withUnsafeBytes { unsafe write(far, $0.baseAddress, 1) }
            #expect(count == 1)
        }

        deinit {
            close(near)
            close(far)
        }
    }

    private func time(_ poll: BusyPoll) -> Duration {
        ContinuousClock().measure { poll.look() }
    }

    @Test func `there is none for no time`() {
        #expect(BusyPoll(for: .zero) == nil)
    }

    @Test func `a request ends the look`() throws {
        let poll = try #require(BusyPoll(for: .seconds(30)))
        let (quiet, asking) = (Pair(), Pair())
        poll.add(quiet.near)
        poll.add(asking.near)
        let sender = Thread {
            usleep(20_000)
            asking.send()
        }
        sender.start()
        let took = time(poll)
        #expect(took > .milliseconds(5) && took < .seconds(20))
        // It is still there to be read, and ends the next look at once.
        #expect(time(poll) < .seconds(20))
    }

    @Test func `looks in vain become rare, until something comes`() throws {
        let poll = try #require(BusyPoll(for: .milliseconds(30)))
        let pair = Pair()
        poll.add(pair.near)
        var looks: [Int] = []
        for answer in 0..<140 where time(poll) >= .milliseconds(30) {
            looks.append(answer)
        }
        #expect(looks == [0, 2, 6, 14, 30, 62, 126])
        pair.send()
        for _ in 0..<64 { poll.look() }  // the rest, and one that finds it
        #expect(time(poll) < .milliseconds(30))
    }

    @Test func `a socket that is closed is no longer looked at`() throws {
        let poll = try #require(BusyPoll(for: .milliseconds(30)))
        do {
            let pair = Pair()
            poll.add(pair.near)
            pair.send()
        }
        #expect(time(poll) >= .milliseconds(30))
    }
}
