import NIOCore
import ServiceLifecycle

// What lets the daemon be seen from outside.
extension Daemon {
    /// What calls are counted by.
    func makeTelemetry() -> Telemetry {
        Telemetry(
            recall: LiveRecall(share: configuration.recallSample, key: .random(in: 0 ... .max)),
            slow: SlowCalls(threshold: configuration.slowTime, logger: logger)
        )
    }

    /// The services that look at how `service` does, and tell it at `socket`, if there is one.
    func seeing(_ service: RetrievalService, at socket: MetricsSocket?) -> [any Service] {
        var services: [any Service] = []
        if let recall = service.telemetry.recall {
            services.append(RecallWorker(recall: recall, logger: logger))
        }
        if let socket {
            let source = MetricsSource(metrics: service.metrics, health: { service.state.health })
            services.append(MetricsServer(on: socket, from: source, logger: logger))
        }
        return services
    }
}

extension Telemetry {
    /// Does from now on as `configuration` says.
    func follow(_ configuration: DaemonConfiguration) {
        recall?.share = configuration.recallSample
        slow?.threshold = configuration.slowTime
    }
}

extension DaemonConfiguration {
    fileprivate var slowTime: TimeAmount { .nanoseconds(Int64(slowQuery * 1e6)) }
}
