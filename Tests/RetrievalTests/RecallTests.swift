import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

/// A clock that moves by a millisecond whenever it is read.
private final class StepClock: Clock, @unchecked Sendable {  // used by one thread
    private var reads = 0
    var minimumResolution: Duration { .milliseconds(1) }
    var now: ContinuousClock.Instant {
        reads += 1
        return start.advanced(by: .milliseconds(reads))
    }
    private let start = ContinuousClock.now
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}

struct RecallTests {
    @Test(arguments: [Metric.innerProduct, .cosine, .l2])
    func `recall is the share of candidates that a naive comparison finds`(
        metric: Metric
    ) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: 300, dimension: 8, clusters: 300)
            try catalogue.build(.ivf, metric: metric, into: folder) { $0.lists = 20 }
            let generation = try folder.open(1, checking: false)
            let setting = SearchSetting.probes(2, rerank: 20)
            var shared = 0
            for row in 0..<300 {
                let query = generation.vector(ofRow: row)
                let found = try generation.search(
                    query.span,
                    k: 10,
                    setting: setting,
                    excluding: row
                )
                let exact = try generation.exact(query.span, k: 10, excluding: row)
                shared += Set(found.map(\.row)).intersection(exact.map(\.row)).count
            }
            let measured = try measureRecall(
                of: generation,
                k: 10,
                queries: .max,
                seed: 9,
                settings: [setting],
                threads: 2
            )[0]
            #expect(abs(measured.recall - Double(shared) / 3_000) < 0.001)
            #expect(measured.recall > 0.2 && measured.recall < 0.999)
        }
    }

    @Test
    func `recall grows with the effort and ends at one`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            for kind in [IndexKind.ivf, .lsh, .lshscan, .hnsw] {
                let manifest = try TestCatalogue(count: 300, dimension: 8).build(kind, into: folder)
                let generation = try folder.open(manifest.generation, checking: false)
                let curve = try measureRecall(
                    of: generation,
                    k: 10,
                    queries: 40,
                    seed: 1,
                    settings: generation.sweep(k: 10),
                    threads: 1
                ).map(\.recall)
                #expect(curve == curve.sorted())
                #expect(curve.last == 1)
            }
        }
    }

    @Test
    func `latencies are those of the clock that was given`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try TestCatalogue(count: 30, dimension: 2).build(.flat, into: folder)
            let measured = try measureRecall(
                of: folder.open(1, checking: false),
                k: 3,
                queries: 10,
                seed: 1,
                threads: 1,
                clock: StepClock()
            )[0]
            #expect(measured.p50 == 1_000)
            #expect(measured.p99 == 1_000)
        }
    }

    @Test
    func `a measurement has the keys of the contract`() throws {
        let measurement = RecallMeasurement(
            kind: .ivf,
            setting: .probes(16, rerank: 100),
            recall: 0.5,
            p50: 1.5,
            p99: 2,
            bytes: 7
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(measurement), as: UTF8.self)
        #expect(
            text == #"{"bytes":7,"kind":"ivf","p50_us":1.5,"p99_us":2,"recall":0.5,"#
                + #""setting":{"probes":16,"rerank":100}}"#
        )
        let decoded = try JSONDecoder().decode(RecallMeasurement.self, from: Data(text.utf8))
        #expect(decoded == measurement)
    }

    @Test(arguments: [
        SearchSetting.exhaustive, .probes(3, rerank: 40), .tokens(512, rerank: 99), .rerank(200),
        .breadth(64),
    ])
    func `a setting survives JSON`(setting: SearchSetting) throws {
        let data = try JSONEncoder().encode(setting)
        #expect(try JSONDecoder().decode(SearchSetting.self, from: data) == setting)
    }
}
