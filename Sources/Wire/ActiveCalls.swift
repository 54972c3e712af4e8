/// The calls in flight of one connection, in the order of their ids, which only grow.
///
/// An array, for there are few, and mostly the last one is meant.
struct ActiveCalls: Sendable {
    private var calls: [(streamID: UInt32, method: Method)] = []

    var isEmpty: Bool { calls.isEmpty }
    var streamIDs: [UInt32] { calls.map(\.streamID) }

    /// The method of a call in flight; nil where there is no such call.
    subscript(streamID: UInt32) -> Method? {
        place(of: streamID).map { calls[$0].method }
    }

    /// A call begins, whose id is larger than any before.
    mutating func begin(_ streamID: UInt32, _ method: Method) {
        assert(calls.last.map { $0.streamID < streamID } ?? true, "ids of calls only grow")
        calls.append((streamID, method))
    }

    /// A call ends; false where there is no such call.
    mutating func end(_ streamID: UInt32) -> Bool {
        guard let place = place(of: streamID) else { return false }
        calls.remove(at: place)
        return true
    }

    mutating func endAll() {
        calls = []
    }

    private func place(of streamID: UInt32) -> Int? {
        calls.lastIndex { $0.streamID == streamID }
    }
}
