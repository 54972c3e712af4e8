import Foundation
import Histogram
import Retrieval
import Wire

extension RetrievalService {
    /// How the daemon has done since it started.
    ///
    /// Copies and adds up what every event loop has counted: some tenths of a millisecond.
    func stats() -> StatsResponse {
        var stats = StatsResponse()
        stats.version = CorkboardVersion.text
        stats.uptimeSeconds = (ContinuousClock.now - telemetry.began) / .seconds(1)
        if let served = state.served {
            stats.generation = UInt64(clamping: served.generation.number)
            stats.generationSeconds = (ContinuousClock.now - served.since) / .seconds(1)
            stats.memory.generationBytes = UInt64(clamping: served.generation.fileBytes)
        }
        stats.methods = StatsResponse.Method.all(in: telemetry.calls)
        stats.recall = telemetry.recall?.estimates.map(StatsResponse.Recall.init) ?? []
        stats.load = load
        stats.memory.residentBytes = UInt64(clamping: ProcessFacts().residentBytes)
        let swaps = telemetry.swaps.current
        stats.swaps.done = UInt64(clamping: swaps.done)
        stats.swaps.refused = UInt64(clamping: swaps.refused)
        stats.swaps.lastRefusal = swaps.lastRefusal
        return stats
    }

    private var load: StatsResponse.Load {
        let connections = telemetry.connections
        var load = StatsResponse.Load()
        load.connections = UInt32(clamping: connections.openCount)
        load.acceptedConnections = UInt64(clamping: connections.acceptedCount)
        load.refusedConnections = UInt64(clamping: connections.refusedCount)
        load.callsInFlight = UInt32(clamping: telemetry.callsInFlight)
        load.waitingCalls = UInt32(clamping: pool.waitingCount)
        load.refusedCalls = UInt64(clamping: pool.refusedCount)
        return load
    }
}

extension Generation {
    /// The size of its files but the manifest.
    var fileBytes: Int { manifest.files.values.reduce(0) { $0 + $1.bytes } }
}

extension StatsResponse.Method {
    /// Those that have been called; `refused` is of requests that were refused before their method
    /// was looked at.
    fileprivate static func all(in calls: CallSummary) -> [Self] {
        let known = Wire.Method.allCases.map { Self(calls[$0], of: $0) }
        return (known + [Self(refused: calls)]).filter { $0.calls > 0 }
    }

    private init(_ entry: CallSummary.Entry, of method: Wire.Method) {
        self.init()
        name = method.name
        calls = entry.calls
        statuses = StatsResponse.Status.all { entry.count(of: $0) }
        p50Us = entry.microseconds(below: 50)
        p90Us = entry.microseconds(below: 90)
        p99Us = entry.microseconds(below: 99)
        p999Us = entry.microseconds(below: 99.9)
        maxUs = entry.microseconds(below: 100)
    }

    private init(refused calls: CallSummary) {
        self.init()
        name = "refused"
        statuses = StatsResponse.Status.all { calls.refused($0) }
        self.calls = statuses.reduce(0) { $0 + $1.calls }
    }
}

extension StatsResponse.Status {
    fileprivate static func all(_ count: (StatusCode) -> UInt64) -> [Self] {
        StatusCode.allCases.filter { $0 != .ok && count($0) > 0 }.map { code in
            var status = Self()
            status.code = code.name
            status.calls = count(code)
            return status
        }
    }
}

extension CallSummary.Entry {
    /// The time that this percentage of the calls stayed within; 0 where there are none.
    fileprivate func microseconds(below percentile: Double) -> Double {
        calls == 0 ? 0 : Double(times.valueAtPercentile(percentile)) / 1_000
    }
}

extension StatsResponse.Recall {
    fileprivate init(_ estimate: RecallEstimate) {
        self.init()
        generation = UInt64(clamping: estimate.generation)
        queries = UInt64(clamping: estimate.queries)
        recall = estimate.recall
        margin = estimate.margin
    }
}
