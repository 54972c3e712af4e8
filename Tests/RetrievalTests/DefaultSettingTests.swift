import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing

struct DefaultSettingTests {
    /// Items without clusters, so that the nearest lie in many lists.
    private let catalogue = TestCatalogue(count: 600, dimension: 8, clusters: 600)

    @Test(arguments: IndexKind.allCases)
    func `the default of each measured k reaches the target recall`(kind: IndexKind) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try catalogue.build(kind, into: folder) { $0.depths = [100, 10, 400, 30] }
            let generation = try folder.open(1, checking: true)
            let manifest = generation.manifest
            let deeper = manifest.deeper
            // 400 is left out, for it is more than half of the catalogue; flat is always exact.
            let measured = [manifest.measured.k] + deeper.map(\.measured.k)
            #expect(measured == (kind == .flat ? [10] : [10, 30, 100]))
            let efforts = [manifest.setting.effort] + deeper.map(\.setting.effort)
            #expect(efforts == efforts.sorted())
            for k in [10, 30, 100] {
                let found = try measureRecall(
                    of: generation,
                    k: k,
                    queries: 50,
                    seed: 1,
                    threads: 1
                )
                #expect(found[0].setting == manifest.setting(forK: k))
                #expect(found[0].recall >= manifest.measured.targetRecall)
            }
        }
    }

    @Test
    func `a search takes the default of the least measured k that is not below its own`()
        async throws
    {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let manifest = try catalogue.build(.ivf, into: folder) {
                ($0.depths, $0.lists) = ([1, 20, 200], 60)
            }
            let deeper = manifest.deeper
            #expect(manifest.setting.effort < deeper[1].setting.effort)
            #expect(manifest.setting(forK: 1) == manifest.setting)
            #expect([2, 20].allSatisfy { manifest.setting(forK: $0) == deeper[0].setting })
            #expect([21, 200].allSatisfy { manifest.setting(forK: $0) == deeper[1].setting })

            let generation = try folder.open(1, checking: false)
            let query = generation.vector(ofRow: 7)
            let found = try generation.search(query.span, k: 200)
            #expect(
                try found == generation.search(query.span, k: 200, setting: deeper[1].setting)
            )
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `beyond the last measured k a search is exact`(kind: IndexKind) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try catalogue.build(kind, into: folder) { ($0.depths, $0.targetRecall) = ([10], 0.5) }
            let generation = try folder.open(1, checking: false)
            let measured = try measureRecall(
                of: generation,
                k: 11,
                queries: 99,
                seed: 1,
                threads: 1
            )
            #expect(measured[0].recall == 1)
        }
    }

    @Test
    func `a request for a recall takes the least effort that reached it`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let manifest = try catalogue.build(.ivf, into: folder) {
                ($0.depths, $0.lists) = ([10], 60)
            }
            let curve = manifest.measured.curve
            #expect(curve.count > 2)
            for recall in [0.3, 0.6, 0.9] {
                let setting = manifest.setting(forK: 10, recall: recall)
                let reached = try #require(manifest.recall(of: setting, k: 10))
                #expect(reached >= recall)
                let cheaper = curve.prefix { $0.setting != setting }
                #expect(cheaper.allSatisfy { $0.recall < recall })
            }
            let exact = manifest.setting(forK: 10, recall: 1)
            #expect(exact == curve.first { $0.recall == 1 }?.setting ?? .probes(60, rerank: 600))
        }
    }

    @Test
    func `a generation of an older format is refused, with what to do`() async throws {
        try withTemporaryFolder { folder in
            try Data(#"{"format": 2}"#.utf8)
                .write(to: folder.appendingPathComponent("manifest.json"))
            let error = try #require(throws: RetrievalError.self) {
                try GenerationManifest(inFolder: folder)
            }
            #expect(error.code == .mismatched)
            #expect(
                error.description.hasSuffix("format 2, this program reads 3; build the index again")
            )
        }
    }
}
