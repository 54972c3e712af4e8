import Files
import Foundation
package import Indexes
package import Vectors

/// Builds a generation: writes its files, measures it against exact search, chooses the settings
/// that reach a target recall, and gives it a number.
///
/// ```swift
/// let builder = GenerationBuilder(kind: .ivf, seed: 1, threads: 2)
/// let manifest = try builder.build(
///     ids: ids, vectors: vectors, metric: .cosine, embeddingVersion: 3, storeIdentity: identity,
///     into: folder, progress: { print($0) })
/// try folder.publish(manifest.generation)
/// ```
///
/// One seed and one thread count give the same index, and the same settings.
package struct GenerationBuilder: Sendable {
    package var kind: IndexKind
    /// The recall of k candidates that each default setting is to reach.
    package var targetRecall = 0.99
    /// How many candidates recall is measured on: for each k a default setting is chosen.
    ///
    /// All but the least are left out where the catalogue holds fewer than twice as many vectors.
    package var depths = [10, 100, 1_000, 10_000]
    /// How many queries a measurement takes, at most.
    package var queries = 1_000
    /// Queries to measure with (queries, dimension), such as users ask; by default items of the
    /// catalogue, each without itself.
    package var givenQueries: Matrix?
    /// Inverted lists (ivf); by default about 2 sqrt(count), fewer for small catalogues, and for
    /// large ones half or twice as many where a search then costs less.
    package var lists: Int?
    /// Bits of a code for each dimension (ivf): 1, 2, 4 or 8; by default 2, or 1 where a search of
    /// a large catalogue then reads less.
    package var dimensionBits: Int?
    /// Bits of a code, a multiple of 8 (lshscan); by default 4 for each dimension.
    package var bits: Int?
    /// Tables of tokens (lsh), up to 255; by default 64.
    package var tables: Int?
    /// Bits of a token (lsh), up to 24; by default as many as make lists of about forty rows.
    package var tokenBits: Int?
    /// Links of a row on each upper level (hnsw), 2 to 256; by default 16.
    package var degree: Int?
    /// How exactly the vectors are kept that candidates are compared by; by default in 16 bits,
    /// where all of them can be, but for flat.
    package var precision: Precision?
    package var seed: UInt64
    /// How many threads train, fill and search exactly; the measured searches take one.
    package var threads: Int

    package init(kind: IndexKind, seed: UInt64, threads: Int) {
        self.kind = kind
        self.seed = seed
        self.threads = threads
    }

    /// Builds the generation of `vectors` (count, dimension), whose rows `ids` names.
    ///
    /// Returns its manifest. Its rows ascend by the UTF-8 bytes of their ids, whatever the order
    /// of `ids`. The generation is complete and durable when this returns, but not published. `progress`
    /// hears a line about each step.
    ///
    /// - Throws: ``RetrievalError``: `invalid` where the catalogue is empty, an id is not unique, a
    ///   vector is not finite, or a parameter cannot be right; `locked` where another build runs.
    package func build(
        ids: [String],
        vectors: Matrix,
        metric: Metric,
        embeddingVersion: Int,
        storeIdentity: String,
        into folder: GenerationFolder,
        progress: (String) -> Void
    ) throws(RetrievalError) -> GenerationManifest {
        try checkParameters()
        let catalogue = try Catalogue(ids: ids, vectors: vectors, metric: metric)
        try check(catalogue)
        let lock = try folder.claim()
        defer { withExtendedLifetime(lock) {} }
        let number = try folder.nextNumber()
        let temporary = folder.temporaryFolder(of: number)
        defer { try? FileManager.default.removeItem(at: temporary) }
        try reportingFiles { () throws(FileError) in try makeFolder(at: temporary) }

        progress("building generation \(number): \(kind.rawValue), \(ids.count) vectors")
        let form = form(of: catalogue)
        let (files, build) = try write(catalogue, form, into: temporary, progress: progress)
        let searcher = try Searcher(inFolder: temporary, form)
        let bytes = form.files.reduce(0) { $0 + (files[$1]?.bytes ?? 0) }
        let defaults = try tune(searcher, catalogue, bytes: bytes, progress: progress)
        let manifest = GenerationManifest(
            format: GenerationManifest.currentFormat,
            generation: number,
            kind: kind,
            count: vectors.rows,
            dimension: vectors.columns,
            metric: metric,
            precision: form.precision,
            embeddingVersion: embeddingVersion,
            storeIdentity: storeIdentity,
            build: build,
            setting: defaults[0].setting,  // a generation is tuned for at least one k
            measured: defaults[0].measured,
            deeper: Array(defaults.dropFirst()),
            proofs: try proofs(searcher, defaults[0]),
            files: files,
            seal: ""
        ).sealed()
        try reportingFiles { () throws(FileError) in
            _ = try writeFile(GenerationManifest.fileName, in: temporary) {
                (writer) throws(FileError) in
                try writer.append([UInt8](manifest.encoded))
            }
            try synchroniseFolder(at: temporary)
            try moveDurably(temporary, to: folder.folder(of: number))
        }
        return manifest
    }
}
