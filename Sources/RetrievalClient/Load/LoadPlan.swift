package import Wire

/// What is asked of a server, how often, and at what pace.
package struct LoadPlan: Sendable {
    /// When a call is made.
    package enum Pace: Sendable, Equatable {
        /// As soon as fewer than this many of the connection's calls wait for their answers.
        case inFlight(Int)
        /// Each connection makes so many calls in a second, at fixed times, whether or not the ones
        /// before have been answered.
        case perSecond(Double)
    }

    /// The path of the server's socket.
    package var socket: String
    /// Asked in turn; each connection begins at another one.
    package var searches: [SearchRequest]
    /// Each connection is driven by a thread of its own.
    package var connections: Int
    package var pace: Pace
    /// The calls that each connection makes, after some that are not counted.
    package var callsPerConnection: Int
    /// Microseconds for which a thread looks for its answer before it sleeps.
    package var pollTime = 0

    package init(
        socket: String,
        searches: [SearchRequest],
        connections: Int,
        pace: Pace,
        callsPerConnection: Int
    ) {
        precondition(!searches.isEmpty, "there must be something to ask for")
        precondition(connections > 0 && callsPerConnection > 0, "a load is one call or more")
        self.socket = socket
        self.searches = searches
        self.connections = connections
        self.pace = pace
        self.callsPerConnection = callsPerConnection
    }
}

extension LoadPlan.Pace {
    /// How many calls may have been made by a connection, some nanoseconds after its first.
    func callsDue(after nanoseconds: UInt64, answered: Int) -> Int {
        switch self {
        case .inFlight(let count): answered + count
        case .perSecond(let rate): Int(Double(nanoseconds) / 1e9 * rate) + 1
        }
    }

    /// When a call is due, in nanoseconds after the first; nil where no clock says so.
    func due(_ call: Int) -> UInt64? {
        switch self {
        case .inFlight: nil
        case .perSecond(let rate): UInt64(Double(call) / rate * 1e9)
        }
    }
}
