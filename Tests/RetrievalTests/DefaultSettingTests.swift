import Foundation
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
            let deeper = try #require(manifest.deeper)
            // 400 is left out, for it is more than half of the catalogue.
            #expect([manifest.measured.k] + deeper.map(\.measured.k) == [10, 30, 100])
            let efforts = [manifest.setting.effort] + deeper.map(\.setting.effort)
            #expect(efforts == efforts.sorted())
            for k in [10, 30, 100] {
                let measured = try measureRecall(
                    of: generation,
                    k: k,
                    queries: 50,
                    seed: 1,
                    threads: 1
                )
                #expect(measured[0].setting == manifest.setting(forK: k))
                #expect(measured[0].recall >= manifest.measured.targetRecall)
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
            let deeper = try #require(manifest.deeper)
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
    func `a generation of format 1 is read, and takes its one setting for every k`() async throws {
        try withTemporaryFolder { folder in
            try Data(Self.format1.utf8).write(to: folder.appendingPathComponent("manifest.json"))
            let manifest = try GenerationManifest(inFolder: folder)
            #expect(manifest.format == 1)
            #expect(manifest.deeper == nil)
            #expect(manifest.setting == .probes(2))
            #expect([1, 10, 11, 10_000].allSatisfy { manifest.setting(forK: $0) == .probes(2) })
        }
    }

    /// What the program of format 1 wrote.
    private static let format1 = """
        {
          "build" : {
            "lists" : 2,
            "seed" : 1,
            "threads" : 1
          },
          "count" : 40,
          "dimension" : 8,
          "embedding_version" : 1,
          "files" : {
            "ids" : {
              "bytes" : 454,
              "sha256" : "cb1c863d98e177b64e0a5de1f3ac5d25a4de825760f4b216720c697d95ef3666"
            },
            "index.faiss" : {
              "bytes" : 1819,
              "sha256" : "94986245a2e98ae2a994cc50b7e349715585d6c74d659e40f40cdfa5d31a95a6"
            },
            "vectors.f32" : {
              "bytes" : 1280,
              "sha256" : "ba51fc90890eef4480e5e36564e0de484e3616c2130af963547738fec96dca58"
            }
          },
          "format" : 1,
          "generation" : 1,
          "kind" : "ivf",
          "measured" : {
            "curve" : [
              {
                "bytes" : 3099,
                "kind" : "ivf",
                "p50_us" : 2.578,
                "p99_us" : 24.681,
                "recall" : 0.745,
                "setting" : {
                  "probes" : 1
                }
              },
              {
                "bytes" : 3099,
                "kind" : "ivf",
                "p50_us" : 2.835,
                "p99_us" : 3.447,
                "recall" : 1,
                "setting" : {
                  "probes" : 2
                }
              }
            ],
            "k" : 10,
            "p50_us" : 2.835,
            "p99_us" : 3.447,
            "queries" : 40,
            "reached_target" : true,
            "recall" : 1,
            "target_recall" : 0.95
          },
          "metric" : "cosine",
          "seal" : "6728aa425d5a5ba9",
          "setting" : {
            "probes" : 2
          },
          "store_identity" : "6cf934b9-1fcb-412b-93a9-e0519de27eec"
        }
        """
}
