import Histogram
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import RetrievalServer

struct CallTallyTests {
    private let start = NIODeadline.now()

    @Test func `calls are counted by method and status, with their times`() {
        let tally = CallTally()
        for millisecond in 1...100 {
            let call = pending(.search, receivedAt: start)
            tally.answered(
                call,
                millisecond <= 3 ? .notFound : .ok,
                at: start + .milliseconds(Int64(millisecond))
            )
        }
        let entry = tally.summary[.search]
        #expect(entry.calls == 100 && entry.count(of: .ok) == 97)
        #expect(entry.count(of: .notFound) == 3 && entry.count(of: .cancelled) == 0)
        #expect(entry.total == 5_050_000_000)
        for (percentile, expected) in [(50.0, 50e6), (99, 99e6), (100, 100e6)] {
            let time = Double(entry.times.valueAtPercentile(percentile))
            #expect(abs(time - expected) <= 0.01 * expected)
        }
        #expect(tally.summary[.related].calls == 0)
    }

    @Test(arguments: [-5, 0, 1, 3_600_000_000_000, Int64.max / 2] as [Int64])
    func `no time is too short or too long to be counted`(nanoseconds: Int64) {
        let tally = CallTally()
        let receipt = NIODeadline.uptimeNanoseconds(10)
        tally.answered(pending(receivedAt: receipt), .ok, at: receipt + .nanoseconds(nanoseconds))
        #expect(tally.summary[.search].calls == 1)
    }

    @Test func `event loops count apart, and are added up`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let telemetry = Telemetry()
        let loops = Array(group.makeIterator())
        #expect(telemetry.tally(of: loops[0]) !== telemetry.tally(of: loops[1]))
        #expect(telemetry.tally(of: loops[0]) === telemetry.tally(of: loops[0]))
        for (loop, milliseconds) in zip(loops, [Int64(1), 30]) {
            let tally = telemetry.tally(of: loop)
            tally.answered(pending(receivedAt: start), .ok, at: start + .milliseconds(milliseconds))
            tally.refused(.invalidArgument)
        }
        let calls = telemetry.calls
        #expect(calls[.search].calls == 2 && calls.refused(.invalidArgument) == 2)
        #expect(calls[.search].total == 31_000_000)
        try await group.shutdownGracefully()
    }

    @Test func `a call in flight is counted until it ends`() {
        let tally = CallTally()
        tally.began()
        tally.began()
        #expect(tally.inFlightCount == 2)
        tally.ended(pending(receivedAt: start), .cancelled)
        #expect(tally.inFlightCount == 1)
        #expect(tally.summary[.search].count(of: .cancelled) == 1)
    }

    @Test func `buckets hold what took no longer, to a hundredth`() {
        let tally = CallTally()
        for microseconds in [5, 9, 20, 300, 300, 20_000_000] as [Int64] {
            let call = pending(receivedAt: start)
            tally.answered(call, .ok, at: start + .microseconds(microseconds))
        }
        let bounds: [UInt64] = [10_000, 25_000, 250_000, 500_000, 10_000_000_000]
        #expect(tally.summary[.search].cumulativeCounts(to: bounds) == [2, 3, 3, 5, 5])
    }
}
