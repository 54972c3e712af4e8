import Testing

@testable import RetrievalClient

struct PendingCallsTests {
    @Test func `stream ids are odd and grow, and each waiter is found once`() {
        var calls = PendingCalls<String>()
        #expect(calls.add("a") == 1)
        #expect(calls.add("b") == 3)
        #expect(calls.remove(1) == "a")
        #expect(calls.remove(1) == nil)
        #expect(calls.add("c") == 5)
        #expect(calls.removeAll().sorted() == ["b", "c"])
        #expect(calls.isEmpty)
    }

    @Test func `a connection is retired long before its ids run out`() {
        var calls = PendingCalls<String>(nextID: 0x7FFF_FFFD)
        #expect(!calls.isRetired)
        #expect(calls.add("a") == 0x7FFF_FFFD)
        #expect(calls.isRetired)
        #expect(calls.add("b") == 0x7FFF_FFFF)
    }

    @Test func `after the last id there is none`() {
        var calls = PendingCalls<String>(nextID: 0xFFFF_FFFD)
        #expect(calls.add("a") == 0xFFFF_FFFD)
        #expect(calls.add("b") == nil)
    }
}
