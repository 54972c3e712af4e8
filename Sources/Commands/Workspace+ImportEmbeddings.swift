import Datasets
import EmbeddingStore
import Files
package import Foundation
package import Vectors

/// Vectors made elsewhere, stored as an embedding version.
package struct EmbeddingImportReport: Report {
    package let version: Int
    package let items: Int
    package let dimension: Int
    package let metric: Metric
    package let precision: Precision
    package let seconds: Double

    package var description: String {
        "imported \(items) vectors of \(dimension) dimensions (\(metric.rawValue), "
            + "\(precision.rawValue)) as embedding version \(version) in \(decimal(seconds, 1)) s"
    }
}

extension Workspace {
    /// Stores the rows of a NumPy array as a new embedding version; where there is no workspace
    /// yet, makes one.
    ///
    /// `ids` names a file of ids, one a line; without it the rows' numbers are their ids, see
    /// `RowNames`. Items need not be in the catalogue, and there may be no catalogue at all.
    package func importEmbeddings(
        _ file: URL,
        ids: URL?,
        metric: Metric,
        precision: Precision,
        progress: ProgressHandler
    ) throws -> EmbeddingImportReport {
        let start = ContinuousClock.now
        let vectors = try NumPyVectors(contentsOf: file)
        let names = try ids.map { try itemIDs(inLinesOf: $0) } ?? RowNames(count: vectors.rows).all
        if let ids, names.count != vectors.rows {
            throw CommandError(
                "\(ids.path) has \(names.count) ids for the \(vectors.rows) rows of \(file.path); "
                    + "give one id a line for each row"
            )
        }
        try makeFolder(at: folder)
        let lock = try claimFolder()
        defer { withExtendedLifetime(lock) {} }
        progress(.line("storing \(vectors.rows) vectors of \(vectors.columns) dimensions"))
        let version = try EmbeddingStore(at: storeFolder, access: .readWrite).addVersion(
            ids: names,
            vectors: vectors,
            metric: metric,
            precision: precision,
            note: "import-embeddings \(file.lastPathComponent)"
        )
        return EmbeddingImportReport(
            version: version.number,
            items: version.count,
            dimension: version.dimension,
            metric: version.metric,
            precision: version.precision,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }
}
