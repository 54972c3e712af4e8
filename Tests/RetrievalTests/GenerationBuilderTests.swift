import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Vectors

struct GenerationBuilderTests {
    @Test(
        arguments: IndexKind.allCases,
        [Metric.innerProduct, .cosine, .l2]
    )
    func `a built generation reaches its target recall and says so`(
        kind: IndexKind,
        metric: Metric
    ) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: 600, dimension: 8)
            let manifest = try catalogue.build(kind, metric: metric, into: folder)
            #expect(manifest.measured.reachedTarget)
            let target = manifest.measured.targetRecall
            #expect(manifest.measured.recall >= target)
            let curve = manifest.measured.curve
            #expect(curve.first { $0.recall >= target }?.setting == manifest.setting)
            #expect(curve.map(\.recall) == curve.map(\.recall).sorted())
            #expect(manifest.setting.kind == kind)
            let generation = try folder.open(manifest.generation, checking: true)
            #expect(generation.manifest == manifest)
            #expect(generation.count == 600)
        }
    }

    @Test(arguments: IndexKind.allCases, [1, 2, 3])
    func `catalogues of a few items work`(kind: IndexKind, count: Int) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: count, dimension: 2, clusters: 3)
            let manifest = try catalogue.build(kind, into: folder)
            #expect(manifest.measured.k == count - 1)
            try folder.publish(manifest.generation)
            let generation = try folder.open(1, checking: true)
            let found = try generation.search(catalogue.vectors.row(0).span, k: 10)
            #expect(found.map(\.row).sorted() == Array(0..<count))
            let others = try generation.search(
                catalogue.vectors.row(0).span,
                k: 10,
                excluding: 0
            )
            #expect(others.map(\.row).sorted() == Array(1..<count))
        }
    }

    @Test(arguments: IndexKind.allCases)
    func `equal vectors count as equally good candidates`(kind: IndexKind) async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var catalogue = TestCatalogue(count: 200, dimension: 4)
            let copies = (0..<200).map { $0 % 3 }
            catalogue.vectors = catalogue.vectors.gather(copies)
            let manifest = try catalogue.build(kind, metric: .l2, into: folder)
            #expect(manifest.measured.recall == 1)
        }
    }

    @Test
    func `one seed and one thread count give the same bytes`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: 300, dimension: 6)
            for kind in IndexKind.allCases {
                let first = try catalogue.build(kind, into: folder)
                let second = try catalogue.build(kind, into: folder)
                #expect(first.files == second.files)
                #expect(first.setting == second.setting)
                #expect(second.generation == first.generation + 1)
            }
        }
    }

    @Test
    func `items of length zero are kept, and are no queries`() async throws {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            var catalogue = TestCatalogue(count: 40, dimension: 3)
            for column in 0..<3 {
                catalogue.vectors[7, column] = 0
            }
            let manifest = try catalogue.build(.ivf, into: folder)
            #expect(manifest.measured.queries == 39)
            let generation = try folder.open(manifest.generation, checking: true)
            let row = try #require(generation.row(ofID: catalogue.ids[7]))
            #expect(generation.vector(ofRow: row) == [0, 0, 0])
        }
    }

    @Test
    func `a target that codes cannot reach with few bits is reached by more reranking`()
        async throws
    {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let catalogue = TestCatalogue(count: 400, dimension: 8)
            let few = try catalogue.build(.lshscan, into: folder) { $0.bits = 8 }
            let many = try catalogue.build(.lshscan, into: folder) { $0.bits = 512 }
            #expect(few.measured.reachedTarget)
            #expect(few.setting.effort > many.setting.effort)
        }
    }
}

struct GenerationBuilderRefusalTests {
    private let catalogue = TestCatalogue(count: 20, dimension: 3)

    /// What `build` says when it must refuse; nothing may be left behind.
    private func refusal(
        of catalogue: TestCatalogue,
        _ kind: IndexKind = .ivf,
        configure: (inout GenerationBuilder) -> Void = { _ in }
    ) async throws -> RetrievalError {
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            let error = try #require(throws: RetrievalError.self) {
                try catalogue.build(kind, into: folder, configure: configure)
            }
            let left = try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect((left ?? []).filter { $0 != ".lock" } == [])
            return error
        }
    }

    @Test
    func `an empty catalogue is refused`() async throws {
        #expect(try await refusal(of: TestCatalogue(count: 0, dimension: 3)).code == .invalid)
    }

    @Test
    func `an id that is not unique is refused by its name`() async throws {
        var doubled = catalogue
        doubled.ids[3] = doubled.ids[12]
        let error = try await refusal(of: doubled)
        #expect(error.description == "the id \(doubled.ids[3]) is not unique")
    }

    @Test
    func `ids that only look alike are different`() async throws {
        var similar = catalogue
        similar.ids[0] = "caf\u{e9}"
        similar.ids[1] = "cafe\u{301}"
        try withTemporaryFolder { workspace in
            let folder = GenerationFolder(workspace: workspace)
            try similar.build(.flat, into: folder)
            let generation = try folder.open(1, checking: true)
            let rows = similar.ids.map { generation.row(ofID: $0) }
            #expect(Set(rows).count == 20)
        }
    }

    @Test(arguments: [Float.nan, .infinity, 3e38])
    func `a vector without a finite length is refused by its id`(value: Float) async throws {
        var broken = catalogue
        broken.vectors[5, 1] = value
        let error = try await refusal(of: broken)
        #expect(error.code == .invalid)
        #expect(error.description.contains("the vector of \(broken.ids[5]) "))
    }

    @Test
    func `ids and vectors of different number are refused`() async throws {
        var short = catalogue
        short.ids.removeLast()
        #expect(try await refusal(of: short).description.hasPrefix("19 ids cannot name 20 vectors"))
    }

    @Test
    func `parameters that cannot be are refused`() async throws {
        for k in [0, -1, 10_001] {
            #expect(try await refusal(of: catalogue) { $0.depths = [10, k] }.code == .invalid)
        }
        #expect(try await refusal(of: catalogue) { $0.depths = [] }.code == .invalid)
        for target in [0, -1, 1.01, Double.nan] {
            #expect(try await refusal(of: catalogue) { $0.targetRecall = target }.code == .invalid)
        }
        for bits in [0, 3, 16, -8] {
            #expect(try await refusal(of: catalogue) { $0.dimensionBits = bits }.code == .invalid)
        }
        for lists in [0, -1, 21, Int.max] {
            #expect(try await refusal(of: catalogue) { $0.lists = lists }.code == .invalid)
        }
        for bits in [0, -8, 65, Int.max] {
            #expect(try await refusal(of: catalogue, .lshscan) { $0.bits = bits }.code == .invalid)
        }
        for degree in [1, -1, 257, Int.max] {
            let error = try await refusal(of: catalogue, .hnsw) { $0.degree = degree }
            #expect(error.code == .invalid)
        }
        for tables in [0, -1, 256, Int.max] {
            #expect(try await refusal(of: catalogue, .lsh) { $0.tables = tables }.code == .invalid)
        }
        for bits in [0, -1, 25, Int.max] {
            #expect(try await refusal(of: catalogue, .lsh) { $0.tokenBits = bits }.code == .invalid)
        }
        #expect(try await refusal(of: catalogue) { $0.queries = 0 }.code == .invalid)
    }
}
