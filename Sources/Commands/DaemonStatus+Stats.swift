import Wire

extension StatusReport {
    /// How one method has been answered since the daemon began.
    package struct Method: Encodable, Sendable {
        package let name: String
        package let calls: UInt64
        /// How often each status but OK was answered.
        package let errors: [String: UInt64]
        package let p50: Double
        package let p90: Double
        package let p99: Double
        package let p999: Double
        package let max: Double

        private enum CodingKeys: String, CodingKey {
            case name, calls, errors
            case p50 = "p50_us"
            case p90 = "p90_us"
            case p99 = "p99_us"
            case p999 = "p999_us"
            case max = "max_us"
        }

        init(_ method: StatsResponse.Method) {
            name = method.name
            calls = method.calls
            errors = Dictionary(
                method.statuses.map { ($0.code, $0.calls) },
                uniquingKeysWith: +
            )
            (p50, p90, p99) = (method.p50Us, method.p90Us, method.p99Us)
            (p999, max) = (method.p999Us, method.maxUs)
        }

        var errorCount: UInt64 { errors.values.reduce(0, +) }
    }

    /// How much is being done.
    package struct Load: Encodable, Sendable {
        package let connections: UInt32
        package let acceptedConnections: UInt64
        package let refusedConnections: UInt64
        package let callsInFlight: UInt32
        package let waitingCalls: UInt32
        package let refusedCalls: UInt64

        private enum CodingKeys: String, CodingKey {
            case connections
            case acceptedConnections = "accepted_connections"
            case refusedConnections = "refused_connections"
            case callsInFlight = "calls_in_flight"
            case waitingCalls = "waiting_calls"
            case refusedCalls = "refused_calls"
        }

        init(_ load: StatsResponse.Load) {
            connections = load.connections
            acceptedConnections = load.acceptedConnections
            refusedConnections = load.refusedConnections
            callsInFlight = load.callsInFlight
            waitingCalls = load.waitingCalls
            refusedCalls = load.refusedCalls
        }
    }

    package struct Memory: Encodable, Sendable {
        package let residentBytes: UInt64
        package let generationBytes: UInt64

        private enum CodingKeys: String, CodingKey {
            case residentBytes = "resident_bytes"
            case generationBytes = "generation_bytes"
        }

        init(_ memory: StatsResponse.Memory) {
            residentBytes = memory.residentBytes
            generationBytes = memory.generationBytes
        }
    }

    /// How often another generation came into service, or was not let in.
    package struct Swaps: Encodable, Sendable {
        package let done: UInt64
        package let refused: UInt64
        package let lastRefusal: String

        private enum CodingKeys: String, CodingKey {
            case done, refused
            case lastRefusal = "last_refusal"
        }

        init(_ swaps: StatsResponse.Swaps) {
            done = swaps.done
            refused = swaps.refused
            lastRefusal = swaps.lastRefusal
        }
    }
}
