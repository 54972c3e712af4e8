/// The calls of one connection that wait for their responses, by stream id.
///
/// Stream ids are odd and only ever grow. Long before they run out the connection is retired: the
/// calls in flight end on it, and new ones go to a new connection (rule D8).
struct PendingCalls<Waiter> {
    /// The id from which on a connection is retired.
    static var retirementID: UInt32 { 0x7FFF_FFFF }

    private var nextID: UInt32
    private var waiters: [UInt32: Waiter] = [:]

    init(nextID: UInt32 = 1) {
        precondition(nextID % 2 == 1, "a client's stream ids are odd")
        self.nextID = nextID
    }

    var isEmpty: Bool { waiters.isEmpty }

    var isRetired: Bool { nextID >= Self.retirementID }

    /// The id for a new call, or nil where none is left.
    mutating func add(_ waiter: Waiter) -> UInt32? {
        let id = nextID
        let (next, isExhausted) = id.addingReportingOverflow(2)
        guard !isExhausted else { return nil }
        nextID = next
        waiters[id] = waiter
        return id
    }

    /// Who waits for the call of `id`; nil where it has ended already.
    subscript(id: UInt32) -> Waiter? {
        get { waiters[id] }
        set { waiters[id] = newValue }
    }

    /// Ends the call of `id`; nil where it has ended already, which happens after a deadline.
    mutating func remove(_ id: UInt32) -> Waiter? {
        waiters.removeValue(forKey: id)
    }

    /// Ends every call.
    mutating func removeAll() -> [Waiter] {
        defer { waiters.removeAll() }
        return Array(waiters.values)
    }
}
