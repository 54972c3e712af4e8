import Foundation
import Testing
import Wire

@testable import Commands

struct StatusScreenTests {
    private func report(
        calls: UInt64 = 1_234_567,
        state: HealthResponse.State = .serving,
        change: (inout StatsResponse) -> Void = { _ in }
    ) -> StatusReport {
        var info = InfoResponse()
        (info.server, info.version, info.protocol) = ("corkboardd", "0.4", "ttrpc 1.2")
        (info.generation.number, info.generation.count) = (7, 342_074)
        (info.generation.indexKind, info.generation.metric) = ("ivf", "l2")
        (info.generation.measuredRecall, info.generation.recallK) = (0.9512, 10)
        var level = InfoResponse.Level()
        (level.k, level.effort, level.recall, level.margin, level.p50Us) = (10, 16, 0.95, 0.01, 85)
        info.generation.levels = [level]
        var health = HealthResponse()
        health.state = state
        var stats = StatsResponse()
        stats.uptimeSeconds = 7_980
        stats.generationSeconds = 62
        var method = StatsResponse.Method()
        (method.name, method.calls) = ("Retrieval/Search", calls)
        (method.p50Us, method.p99Us, method.maxUs) = (85.4, 1_234, 2_500_000)
        var status = StatsResponse.Status()
        (status.code, status.calls) = ("NOT_FOUND", 3)
        method.statuses = [status]
        stats.methods = [method]
        stats.memory.residentBytes = 210_400_000
        change(&stats)
        return StatusReport(
            socket: "/s",
            info: info,
            health: health,
            stats: stats,
            roundTrip: 14.4
        )
    }

    @Test func `the screen tells what there is to know`() {
        let text = report { stats in
            var recall = StatsResponse.Recall()
            (recall.generation, recall.queries) = (7, 412)
            (recall.recall, recall.margin) = (0.9498, 0.0035)
            stats.recall = [recall]
            (stats.swaps.done, stats.swaps.refused) = (3, 1)
            stats.swaps.lastRefusal = "generation 8 is damaged"
        }.description
        for part in [
            "corkboardd 0.4, ttrpc 1.2  SERVING  up 2 h 13 min\n/s\n",
            "generation 7   ivf, 342,074 items x 0, l2", "served for 1 min 2 s",
            "recall@10      0.9512 measured", "recall live    0.9498 +- 0.0035 of 412 queries",
            "swaps          3 done, 1 refused, the last one: generation 8 is damaged",
            "memory         210 MB resident", "round trip     14 us",
            "Retrieval/Search        1,234,567       3   85 us          1.2 ms",
            "2.5 s", "  NOT_FOUND 3", "0.8          0.9         0.95         0.99",
            "k 10                 16, 85 us    16, 85 us    16, 85 us",
        ] {
            #expect(text.contains(part), "\(part) in\n\(text)")
        }
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `states and numbers are told in words`() {
        let report = report(state: .notServing) { $0.load.connections = 1 }
        #expect(report.description.contains("  NOT SERVING  up"))
        let line = report.line(since: nil)
        #expect(line.hasPrefix("not serving, generation 7"), "\(line)")
        #expect(line.contains(", 1 connection, "), "\(line)")
    }

    @Test func `what a daemon says steers no terminal`() {
        let report = report {
            $0.swaps.refused = 1; $0.swaps.lastRefusal = "\u{1B}[2Jbad"
        }
        let text = StatusScreen(report, style: .plain).text
        #expect(!text.contains("\u{1B}") && text.contains("bad"))
        let styled = StatusScreen(report, style: .terminal).text
        #expect(styled.contains("\u{1B}[1;32mSERVING\u{1B}[0m") && !styled.contains("\u{1B}[2J"))
    }

    @Test func `another look tells the calls of a second`() {
        let text = StatusScreen(
            report(calls: 1_500),
            style: .plain,
            since: (report(calls: 1_000), 2)
        ).text
        #expect(text.contains("calls/s") && text.contains(/Retrieval\/Search .* 250\n/))
        let again = StatusScreen(report(calls: 5), style: .plain, since: (report(), 2)).text
        #expect(again.contains(/Retrieval\/Search .* 0\n/))  // the daemon began anew
    }

    @Test func `JSON keeps its keys, and has the new ones`() throws {
        let json = try JSONSerialization.jsonObject(with: Data(try report().json().utf8))
        let object = try #require(json as? [String: Any])
        #expect(
            Set(object.keys) == [
                "socket", "state", "message", "server", "generation", "round_trip_us",
                "uptime_seconds", "methods", "live_recall", "load", "memory", "swaps",
            ]
        )
        let generation = try #require(object["generation"] as? [String: Any])
        #expect(generation["recall"] as? Double == 0.9512 && generation["seconds"] as? Double == 62)
        #expect((object["memory"] as? [String: Any])?["resident_bytes"] as? Int == 210_400_000)
    }

    @Test(arguments: [
        (0.0, "0.0 us"), (9.94, "9.9 us"), (9.96, "10 us"), (999.6, "1.0 ms"), (9_960, "10 ms"),
        (999_600, "1.0 s"), (3_600_000_000, "3600.0 s"),
    ])
    func `times have the unit that keeps them short`(microseconds: Double, text: String) {
        #expect(time(microseconds) == text)
    }

    @Test(arguments: [(0.0, "0 s"), (59.9, "59 s"), (3_599, "59 min 59 s"), (90_000, "1 d 1 h")])
    func `spans are told as people tell them`(seconds: Double, text: String) {
        #expect(span(seconds) == text)
    }

    @Test(
        arguments: [(999, "999 B"), (1_000, "1 kB"), (131_072_000, "131 MB")] as [(UInt64, String)]
    )
    func `sizes have the unit that keeps them short`(bytes: UInt64, text: String) {
        #expect(size(bytes) == text)
    }

    @Test(
        arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (.max, "18,446,744,073,709,551,615")]
            as [(UInt64, String)]
    )
    func `numbers are grouped by threes`(number: UInt64, text: String) {
        #expect(grouped(number) == text)
    }
}
