import BLAS
import Datasets
import EmbeddingStore
package import Foundation
package import Indexes
package import Retrieval

/// A generation that was built.
package struct IndexReport: Report {
    package let generation: Int
    package let kind: IndexKind
    package let items: Int
    package let embeddingVersion: Int
    package let setting: SearchSetting
    package let k: Int
    package let recall: Double
    package let p50: Double
    package let reachedTarget: Bool
    package let published: Bool
    package let seconds: Double

    private enum CodingKeys: String, CodingKey {
        case generation, kind, items, setting, k, recall, published, seconds
        case embeddingVersion = "embedding_version"
        case p50 = "p50_us"
        case reachedTarget = "reached_target"
    }

    package var description: String {
        "built generation \(generation) (\(kind.rawValue), \(setting)) over \(items) items of "
            + "embedding version \(embeddingVersion) in \(decimal(seconds, 1)) s: "
            + "recall@\(k) \(decimal(recall, 4))\(reachedTarget ? "" : ", BELOW ITS TARGET"), "
            + "p50 \(decimal(p50, 0)) us; \(published ? "published" : "not published")"
    }
}

extension Workspace {
    /// Builds a generation of the newest embedding version, measures it against exact search, and
    /// publishes it.
    ///
    /// It is measured by the rows of `queries` (.npy), if given, and else by items of the catalogue.
    /// A generation that stays below its target is published too, since its recall is stated; one
    /// that cannot be read back is not.
    package func index(
        _ builder: GenerationBuilder,
        queries: URL? = nil,
        publishing: Bool,
        progress: ProgressHandler
    ) throws -> IndexReport {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let start = ContinuousClock.now
        var builder = builder
        if let queries {
            let vectors = try NumPyVectors(contentsOf: queries)
            builder.givenQueries = vectors.gather(0..<vectors.rows)
        }
        let manifest = try build(builder, into: generations, progress: progress)
        if publishing {
            try generations.publish(manifest.generation)
        }
        return IndexReport(
            generation: manifest.generation,
            kind: manifest.kind,
            items: manifest.count,
            embeddingVersion: manifest.embeddingVersion,
            setting: manifest.setting,
            k: manifest.measured.k,
            recall: manifest.measured.recall,
            p50: manifest.measured.p50,
            reachedTarget: manifest.measured.reachedTarget,
            published: publishing,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }

    /// Builds a generation of the newest embedding version in `destination`.
    func build(
        _ builder: GenerationBuilder,
        into destination: GenerationFolder,
        progress: ProgressHandler
    ) throws -> GenerationManifest {
        BLAS.prepare()
        let store = try EmbeddingStore(at: storeFolder, access: .readOnly)
        let version = try newestVersion(in: store)
        let (ids, vectors) = try store.embeddings(ofVersion: version.number)
        return try builder.build(
            ids: ids,
            vectors: vectors,
            metric: version.metric,
            embeddingVersion: version.number,
            storeIdentity: store.identity,
            into: destination,
            progress: { progress(.line($0)) }
        )
    }
}
