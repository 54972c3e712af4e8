import Vectors

/// A search that has been answered, to be compared with exact search.
///
/// It does not keep its generation alive: one that is served no more need not wait for spare time
/// to be let go.
final class RecallSample: Sendable {
    weak let served: ServedGeneration?
    let tenure: Tenure
    let sums: RecallSums
    let query: [Float]
    /// The row of the query's own item, if it has one, which does not count.
    let own: Int?
    let k: Int
    let found: [Candidate]

    init(
        _ query: [Float],
        own: Int?,
        k: Int,
        found: [Candidate],
        from served: ServedGeneration,
        sums: RecallSums
    ) {
        self.served = served
        tenure = served.tenure
        self.sums = sums
        self.query = query
        self.own = own
        self.k = k
        self.found = found
    }
}

/// Samples that wait, in the order in which they came; as many as there is room for.
///
/// One that has been taken stays in its place until another one comes there. So whoever offers
/// frees it, and not the thread of the least priority: that might be stopped for long in the middle
/// of it, with a lock of the allocator that everybody waits for.
struct RecallQueue {
    private var places: [RecallSample?]
    private var offered = 0
    private var taken = 0

    init(room: Int) {
        places = [RecallSample?](repeating: nil, count: room)
    }

    /// The sample that has waited longest.
    var first: RecallSample? { taken < offered ? places[taken % places.count] : nil }

    /// False, and nothing else, where there is no room.
    mutating func append(_ sample: RecallSample) -> Bool {
        guard offered - taken < places.count else { return false }
        places[offered % places.count] = sample
        offered += 1
        return true
    }

    mutating func removeFirst() {
        precondition(taken < offered, "only what waits can be taken")
        taken += 1
    }
}
