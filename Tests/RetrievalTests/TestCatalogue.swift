import Foundation
import Indexes
import Retrieval
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
