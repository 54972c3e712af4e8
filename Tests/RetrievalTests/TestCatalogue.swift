import Foundation
import Indexes
import Retrieval
import TestSupport
import Vectors

/// A catalogue to build generations of.
struct TestCatalogue {
    var ids: [String]
    var vectors: Matrix

    /// `count` items in `clusters` clusters, in no order of their ids.
    init(count: Int, dimension: Int, clusters: Int = 10, seed: UInt64 = 1) {
        var generator = SeededGenerator(seed: seed)
        let centres = (0..<clusters * dimension).map { _ in generator.normal() }
        var elements: [Float] = []
        for item in 0..<count {
            for component in 0..<dimension {
                let centre = centres[item % clusters * dimension + component]
                elements.append(centre + 0.5 * generator.normal())
            }
        }
        ids = (0..<count).map { "item-\(($0 &* 7_919) % 100_003)" }
        vectors = Matrix(rows: count, columns: dimension, elements: elements)
    }

    /// Builds a generation with quick measurements.
    @discardableResult
    func build(
        _ kind: IndexKind,
        metric: Metric = .cosine,
        into folder: GenerationFolder,
        embeddingVersion: Int = 1,
        configure: (inout GenerationBuilder) -> Void = { _ in }
    ) throws -> GenerationManifest {
        var builder = GenerationBuilder(kind: kind, seed: 1, threads: 2)
        builder.queries = 50
        configure(&builder)
        return try builder.build(
            ids: ids,
            vectors: vectors,
            metric: metric,
            embeddingVersion: embeddingVersion,
            storeIdentity: "test store",
            into: folder,
            progress: { _ in }
        )
    }
}

/// Runs `body` with a folder that holds `count` generations, embedding versions 1, 2 ..., none of
/// which is published.
func withGenerations(
    _ count: Int,
    _ body: (GenerationFolder) async throws -> Void
) async throws {
    try await withTemporaryFolder { workspace in
        let folder = GenerationFolder(workspace: workspace)
        let catalogue = TestCatalogue(count: 60, dimension: 4)
        for version in 1..<count + 1 {
            try catalogue.build(.ivf, into: folder, embeddingVersion: version) {
                $0.depths = [10, 30]
            }
        }
        try await body(folder)
    }
}
