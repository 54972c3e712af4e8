import Foundation
import NIOCore
import NIOPosix
import Retrieval
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// The metrics of the service, as Prometheus would read them.
struct ServiceMetricsTests {
    private func service(in workspace: URL, _ telemetry: Telemetry) -> RetrievalService {
        let state = ServingState(workspace: workspace)
        let pool = NIOThreadPool.singleton
        let swap = GenerationSwap(
            workspace: workspace,
            state: state,
            check: GenerationCheck(program: nil, workspace: workspace),
            gate: RecallGate(allowedLoss: 0.02),
            pool: pool,
            logger: quiet
        )
        let keeper = GenerationKeeper(swap, interval: .seconds(1))
        let rebuild = Rebuild(
            program: "/nonexistent",
            workspace: workspace,
            logger: quiet,
            catchUp: keeper.catchUp
        )
        return RetrievalService(
            state: state,
            pool: WorkPool(pool),
            control: ControlService(keeper: keeper, rebuild: rebuild),
            telemetry: telemetry
        )
    }

    @Test func `all is well-formed, and says what was counted`() throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            let recall = LiveRecall(share: 1, key: 1)
            let slow = SlowCalls(threshold: .seconds(1), logger: quiet)
            let telemetry = Telemetry(recall: recall, slow: slow)
            let service = service(in: folder, telemetry)
            let generation = try circle.folder.open(circle.publish(), checking: true)
            let served = try ServedGeneration(generation, workspace: folder)
            _ = service.state.serve(served)
            let tally = telemetry.tally(of: MultiThreadedEventLoopGroup.singleton.any())
            for code in [StatusCode.ok, .ok, .notFound] {
                tally.answered(pending(.search, receivedAt: .now() - .microseconds(40)), code)
            }
            tally.refused(.invalidArgument)
            telemetry.swaps.refused("no")
            let query = generation.vector(ofRow: 0)
            recall.offer(query, own: 0, k: 4, found: [], from: served)
            recall.compareAll()

            let metrics = try ParsedMetrics(service.metrics()).metrics
            func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
                metrics.values.flatMap(\.samples)
                    .first { $0.name == name && $0.labels == labels }?.value
            }
            let search = ["method": "Retrieval/Search"]
            #expect(value("corkboard_calls_total", search.with("status", "OK")) == 2)
            #expect(value("corkboard_calls_total", search.with("status", "NOT_FOUND")) == 1)
            #expect(value("corkboard_calls_total", search.with("status", "UNKNOWN")) == nil)
            #expect(value("corkboard_call_seconds_count", search) == 3)
            #expect(value("corkboard_call_seconds_bucket", search.with("le", "1e-05")) == 0)
            #expect(value("corkboard_call_seconds_bucket", search.with("le", "+Inf")) == 3)
            #expect((value("corkboard_call_seconds_sum", search) ?? 0) >= 0.00012)
            let refused = ["status": "INVALID_ARGUMENT"]
            #expect(value("corkboard_requests_refused_total", refused) == 1)
            #expect(value("corkboard_serving") == 1 && value("corkboard_degraded") == 0)
            #expect(value("corkboard_generation") == 1 && value("corkboard_generation_items") == 60)
            let measured = ["generation": "1", "k": "10"]
            #expect(value("corkboard_measured_recall", measured) == 1)
            #expect(value("corkboard_recall", ["generation": "1"]) == 0)
            #expect(value("corkboard_recall_queries_total", ["generation": "1"]) == 1)
            #expect(value("corkboard_swaps_total", ["outcome": "refused"]) == 1)
            #expect(value("corkboard_slow_calls_total") == 0)
            #expect((value("process_resident_memory_bytes") ?? 0) > 1e6)
            #expect((value("process_cpu_seconds_total") ?? 0) > 0)
        }
    }

    @Test func `while nothing is served that is what is said`() throws {
        try withTemporaryFolder { folder in
            let text = service(in: folder, Telemetry()).metrics()
            let metrics = try ParsedMetrics(text).metrics
            #expect(metrics["corkboard_serving"]?.samples.map(\.value) == [0])
            #expect(metrics["corkboard_generation"] == nil && metrics["corkboard_recall"] == nil)
        }
    }

    @Test func `every metric is in the table of docs, and nothing else`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/metrics.md"),
            encoding: .utf8
        )
        let told = page.matches(of: #/(?m)^\| `((?:corkboard|process)_[a-z_]+)`/#).map {
            String($0.1)
        }
        #expect(Set(told).count == told.count)
        try withTemporaryFolder { folder in
            let recall = LiveRecall(share: 1, key: 1)
            let slow = SlowCalls(threshold: .seconds(1), logger: quiet)
            let service = service(in: folder, Telemetry(recall: recall, slow: slow))
            let circle = try Circle(in: folder)
            let generation = try circle.folder.open(circle.publish(), checking: true)
            let served = try ServedGeneration(generation, workspace: folder)
            _ = service.state.serve(served)
            recall.offer(generation.vector(ofRow: 0), own: 0, k: 1, found: [], from: served)
            recall.compareAll()
            let metrics = try ParsedMetrics(service.metrics()).metrics
            #expect(Set(metrics.keys) == Set(told))
        }
    }
}

extension [String: String] {
    fileprivate func with(_ key: String, _ value: String) -> [String: String] {
        merging([key: value]) { $1 }
    }
}
