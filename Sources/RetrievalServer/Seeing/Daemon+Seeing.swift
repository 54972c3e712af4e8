import NIOCore
import ServiceLifecycle

// What lets the daemon be seen from outside.
extension Daemon {
    /// What calls are counted by.
    func makeTelemetry() -> Telemetry {
        let share = configuration.recallSample
        let threshold = TimeAmount.nanoseconds(Int64(configuration.slowQuery * 1e6))
        return Telemetry(
            recall: share > 0 ? LiveRecall(share: share, key: .random(in: 0 ... .max)) : nil,
            slow: configuration.slowQuery > 0
                ? SlowCalls(threshold: threshold, logger: logger) : nil
        )
    }

    /// The services that look at how `service` does, and tell it.
    func seeing(_ service: RetrievalService) throws(RetrievalServerError) -> [any Service] {
        var services: [any Service] = []
        if let recall = service.telemetry.recall {
            services.append(RecallWorker(recall: recall, logger: logger))
        }
        if let address = try configuration.metricsAddress {
            let source = MetricsSource(metrics: service.metrics, health: service.health)
            services.append(MetricsServer(at: address, from: source, logger: logger))
        }
        return services
    }
}
