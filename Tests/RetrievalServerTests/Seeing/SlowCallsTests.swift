import Logging
import NIOCore
import Testing
import Wire

@testable import RetrievalServer

struct SlowCallsTests {
    private let log = KeptLog()
    private let start = NIODeadline.now()

    private func slow() -> SlowCalls {
        SlowCalls(threshold: .milliseconds(10), logger: log.logger)
    }

    @Test func `a slow call is told with what it was, and a quick one is not`() {
        let tally = CallTally(slow: slow())
        let notes = tally.notes()
        notes?.begin(at: start + .milliseconds(4))
        notes?.tell(.init(queries: 3, k: 20, effort: 64, generation: 7))
        let call = pending(.related, receivedAt: start, notes: notes)
        tally.answered(call, .ok, at: start + .microseconds(9_999))
        #expect(log.lines.isEmpty)
        tally.answered(call, .deadlineExceeded, at: start + .microseconds(12_345))
        #expect(log.lines.map(\.message) == ["slow call"])
        #expect(
            log.lines.first?.metadata == [
                "method": "Retrieval/Related", "status": "DEADLINE_EXCEEDED", "ms": "12.345",
                "waited_ms": "4.0", "queries": "3", "k": "20", "effort": "64",
                "generation": "7", "connection": "1",
            ]
        )
    }

    @Test func `ten in a second are written, and then how many were left out`() {
        let slow = slow()
        func look(_ times: Int, at now: NIODeadline) {
            for _ in 0..<times {
                slow.look(at: pending(receivedAt: start), .ok, took: .seconds(1), now: now)
            }
        }
        look(25, at: start)
        #expect(log.lines.count == 10 && log.lines.allSatisfy { $0.metadata["left_out"] == nil })
        look(1, at: start + .milliseconds(999))
        #expect(log.lines.count == 10)
        look(2, at: start + .seconds(1))
        #expect(log.lines.count == 12)
        #expect(log.lines[10].metadata["left_out"] == "16")
        #expect(log.lines[11].metadata["left_out"] == nil)
        #expect(slow.count == 28)
    }

    @Test func `nothing is written down where nobody reads it`() {
        #expect(CallTally().notes() == nil)
    }

    @Test func `what is slow may change, and may be nothing`() {
        let slow = slow()
        let tally = CallTally(slow: slow)
        slow.threshold = .zero
        #expect(tally.notes() == nil)
        let call = pending(.related, receivedAt: start)
        tally.answered(call, .ok, at: start + .seconds(1))
        #expect(slow.count == 0 && log.lines.isEmpty)
        slow.threshold = .seconds(1)
        #expect(tally.notes() != nil)
        tally.answered(call, .ok, at: start + .seconds(1))
        #expect(slow.count == 1 && log.lines.count == 1)
    }
}
