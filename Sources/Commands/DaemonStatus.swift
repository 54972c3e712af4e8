import Foundation
import Wire

/// What a daemon serves, and how it does.
package struct StatusReport: Report, Sendable {
    package let socket: String
    package let state: String
    package let message: String
    package let server: String
    package let generation: Generation?
    /// Microseconds of a call that does nothing, the median of some.
    package let roundTrip: Double
    package let uptime: Double
    /// Those that have been called.
    package let methods: [Method]
    /// What real searches found, by generation; empty where nobody looks.
    package let recall: [Recall]
    package let load: Load
    package let memory: Memory
    package let swaps: Swaps

    private enum CodingKeys: String, CodingKey {
        case socket, state, message, server, generation, methods, load, memory, swaps
        case roundTrip = "round_trip_us"
        case uptime = "uptime_seconds"
        case recall = "live_recall"
    }

    init(
        socket: String,
        info: InfoResponse,
        health: HealthResponse,
        stats: StatsResponse,
        roundTrip: Double
    ) {
        self.socket = socket
        state = "\(health.state)"
        message = health.message
        server = "\(info.server) \(info.version), \(info.protocol)"
        generation =
            info.hasGeneration
            ? Generation(info.generation, seconds: stats.generationSeconds) : nil
        self.roundTrip = roundTrip
        uptime = stats.uptimeSeconds
        methods = stats.methods.map(Method.init)
        recall = stats.recall.map(Recall.init)
        load = Load(stats.load)
        memory = Memory(stats.memory)
        swaps = Swaps(stats.swaps)
    }

    /// Its state as people say it.
    var stateInWords: String { state == "notServing" ? "not serving" : state }

    /// What its real searches found, where that has been looked at.
    var liveRecall: Recall? { recall.last { $0.generation == generation?.number } }

    package var description: String {
        StatusScreen(self, style: .plain).text
    }
}
