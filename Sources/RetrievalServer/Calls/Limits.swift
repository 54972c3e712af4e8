import Retrieval
import Wire

/// What one request may ask for; told to clients by `Info`.
enum Limits {
    /// Queries, or items, in one request.
    static let batch = 4096
    /// Candidates for one query.
    static var k: Int { Generation.maximumK }
    /// Ids in a filter, those allowed and those denied together: to look them up takes some
    /// hundredths of a second.
    static let filterIDs = 100_000
    /// Up to so much work, in floats, a search is done on the event loop that read it.
    ///
    /// These are 4 MiB, some fractions of a millisecond. A hand-over to another thread costs about
    /// as much as a short search, while a long one would hold up every other connection of its
    /// event loop. Set by reasoning, not by measurement.
    static let workOnEventLoop = 1 << 20
    /// Calls in flight on one connection; at so many, its next requests are left unread.
    static let callsInFlight = 256
    /// Calls on all connections that wait for a thread; above, they are refused.
    static let callsWaiting = 4096
    /// Connections, where the configuration names no other number; one more is closed at once.
    static let connections = 10_240
    /// How long a call may take where its caller allows more; also keeps sums of times from
    /// overflowing.
    ///
    /// A Rebuild without a timeout may take as long as it does.
    static let callTime = Duration.seconds(3600)
    /// Bytes of requests in flight on one connection; above them, its next are left unread.
    static let requestBytes = 8 << 20
    /// Bytes of answers that wait for a client to read them; above them, its requests are left
    /// unread until half have gone.
    static let unsentBytes = 8 << 20
    /// Bytes of answers that wait for all clients together, see ``Backlog``.
    static let totalUnsentBytes = 256 << 20
    /// What a candidate takes at least in a response: a score of four bytes, and an id of one byte
    /// with its tag and length.
    static let leastCandidateSize = 7

    static func check(
        batch count: Int,
        of what: String,
        atLeast least: Int = 1
    ) throws(CallError) {
        guard count >= least else {
            throw CallError(.invalidArgument, "the request names no \(what); name at least one")
        }
        guard count <= batch else {
            throw CallError(
                .invalidArgument,
                "the request names \(count) \(what), but \(batch) is the most; split it"
            )
        }
    }

    /// Refuses a search whose answer cannot fit into a frame before any work is done.
    static func check(k asked: UInt32, queries: Int, items: Int) throws(CallError) -> Int {
        guard asked > 0, asked <= k else {
            throw CallError(.invalidArgument, "k = \(asked) is not in 1...\(k)")
        }
        let candidates = min(Int(asked), items) * queries
        guard candidates * leastCandidateSize <= Frame.maximumBodySize else {
            throw CallError(
                .resourceExhausted,
                "\(queries) queries with k = \(asked) do not fit into one response of "
                    + "\(Frame.maximumBodySize) bytes; ask for fewer at a time"
            )
        }
        return Int(asked)
    }

    static func check(_ filter: Filter) throws(CallError) {
        let count = filter.allow.itemIds.count + filter.deny.itemIds.count
        guard count <= filterIDs else {
            throw CallError(
                .invalidArgument,
                "the filter names \(count) items, but \(filterIDs) is the most; name those that "
                    + "are fewer, allowed or denied"
            )
        }
        guard !filter.minScore.isNaN else {
            throw CallError(
                .invalidArgument,
                "min_score is not a number; give one, or leave it out"
            )
        }
    }
}
