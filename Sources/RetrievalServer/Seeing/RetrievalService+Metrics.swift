import Wire

extension RetrievalService {
    /// All that is known, as Prometheus reads it; docs/metrics.md lists it.
    func metrics() -> String {
        var text = MetricsText()
        let stats = stats()
        addDaemon(to: &text, stats)
        text.add(telemetry.calls)
        addLoad(to: &text, stats.load)
        addGeneration(to: &text, stats)
        addRecall(to: &text)
        return text.text
    }

    private func addDaemon(to text: inout MetricsText, _ stats: StatsResponse) {
        let version = MetricsText.Sample(labels: [("version", stats.version)], value: 1)
        text.add("corkboard_info", .gauge, "The program.", [version])
        let process = ProcessFacts()
        text.add(
            "process_start_time_seconds",
            .gauge,
            "When the daemon began, in seconds since 1970.",
            telemetry.beganAt
        )
        text.add(
            "process_resident_memory_bytes",
            .gauge,
            "Memory in use, mapped files included as far as they are in memory.",
            Double(process.residentBytes)
        )
        text.add(
            "process_cpu_seconds_total",
            .counter,
            "Time of processors, the system's work for the daemon included.",
            process.processorSeconds
        )
    }

    private func addLoad(to text: inout MetricsText, _ load: StatsResponse.Load) {
        text.add("corkboard_connections", .gauge, "Open connections.", Double(load.connections))
        text.add(
            "corkboard_connections_accepted_total",
            .counter,
            "Connections that were let in.",
            Double(load.acceptedConnections)
        )
        text.add(
            "corkboard_connections_refused_total",
            .counter,
            "Connections that were turned away: too many, or not allowed to.",
            Double(load.refusedConnections)
        )
        text.add(
            "corkboard_calls_in_flight",
            .gauge,
            "Calls that are not answered yet, those that wait for a thread among them.",
            Double(load.callsInFlight)
        )
        text.add(
            "corkboard_calls_waiting",
            .gauge,
            "Calls that wait for a thread.",
            Double(load.waitingCalls)
        )
        text.add(
            "corkboard_calls_running",
            .gauge,
            "Calls that have a thread.",
            Double(pool.runningCount)
        )
        text.add(
            "corkboard_calls_refused_total",
            .counter,
            "Calls that were turned away since too many waited for a thread.",
            Double(load.refusedCalls)
        )
        if let slow = telemetry.slow, slow.isOn || slow.count > 0 {
            text.add(
                "corkboard_slow_calls_total",
                .counter,
                "Calls that took as long as slow_query or longer, written to the log or not.",
                Double(slow.count)
            )
        }
    }
}
