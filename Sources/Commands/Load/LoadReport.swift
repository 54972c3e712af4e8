import RetrievalClient

/// How well and how fast a daemon answered.
package struct LoadReport: Report {
    package let queries: Int
    package let k: Int
    package let effort: Int
    /// The recall that was aimed at; nil for that of the index.
    package let targetRecall: Double?
    package let generation: Int
    /// Nil where no truth was given.
    package let recall: Double?
    package let calls: Int
    package let connections: Int
    /// Nil where calls were made at fixed times.
    package let inFlight: Int?
    /// Calls a second that were asked for; nil where each waited for another's answer.
    package let rate: Double?
    /// Microseconds for which clients looked for answers before they slept.
    package let busyPoll: Int
    package let seconds: Double
    package let qps: Double
    /// Microseconds from before a request was written until its answer was read; where calls are
    /// made at fixed times, from the time at which it was due.
    package let mean: Double
    package let p50: Double
    package let p99: Double
    package let p999: Double
    package let longest: Double

    private enum CodingKeys: String, CodingKey {
        case queries, k, effort, generation, recall, calls, connections, rate, seconds, qps
        case inFlight = "in_flight"
        case busyPoll = "busy_poll_us"
        case targetRecall = "target_recall"
        case mean = "mean_us"
        case p50 = "p50_us"
        case p99 = "p99_us"
        case p999 = "p999_us"
        case longest = "max_us"
    }

    init(
        _ bench: LoadBench,
        _ result: LoadResult,
        queries: Int,
        recall: Double?,
        generation: Int
    ) {
        self.queries = queries
        k = bench.k
        effort = bench.effort
        targetRecall = bench.recall
        self.generation = generation
        self.recall = recall
        calls = result.times.count
        connections = bench.connections
        inFlight = bench.rate == nil ? bench.inFlight : nil
        rate = bench.rate
        busyPoll = bench.busyPoll
        seconds = result.seconds
        qps = result.callsPerSecond
        mean = result.mean
        p50 = result.percentile(0.5)
        p99 = result.percentile(0.99)
        p999 = result.percentile(0.999)
        longest = result.percentile(1)
    }

    /// With `null` where there is no value, so that every key is always there.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(queries, forKey: .queries)
        try values.encode(k, forKey: .k)
        try values.encode(effort, forKey: .effort)
        try values.encode(targetRecall, forKey: .targetRecall)
        try values.encode(generation, forKey: .generation)
        try values.encode(recall, forKey: .recall)
        try values.encode(calls, forKey: .calls)
        try values.encode(connections, forKey: .connections)
        try values.encode(inFlight, forKey: .inFlight)
        try values.encode(rate, forKey: .rate)
        try values.encode(busyPoll, forKey: .busyPoll)
        try values.encode(seconds, forKey: .seconds)
        try values.encode(qps, forKey: .qps)
        try values.encode(mean, forKey: .mean)
        try values.encode(p50, forKey: .p50)
        try values.encode(p99, forKey: .p99)
        try values.encode(p999, forKey: .p999)
        try values.encode(longest, forKey: .longest)
    }

    package var description: String {
        let recall = recall.map { "recall@\(k) \(decimal($0, 4))" }
        return """
            generation \(generation), k \(k): \
            \(recall ?? "recall not measured (give --truth to measure it)")
            \(calls) calls over \(connections) connections, \
            \(inFlight.map { "\($0) in flight on each" } ?? "\(decimal(rate ?? 0, 0)) a second"), in \
            \(decimal(seconds, 2)) s: \(decimal(qps, 0)) calls/s
            p50 \(decimal(p50, 1)) us, p99 \(decimal(p99, 1)) us, p99.9 \(decimal(p999, 1)) us, \
            longest \(decimal(longest, 1)) us
            """
    }
}
