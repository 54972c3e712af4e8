import Faiss
import Files
import Foundation
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
    /// How many of the catalogue's own vectors serve as queries of a measurement, at most.
    package var queries = 1_000
    /// Inverted lists (ivf); by default about 4 sqrt(count), fewer for small catalogues.
    package var lists: Int?
    /// Bits of a code, a multiple of 8 (lsh); by default 4 for each dimension.
    package var bits: Int?
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
        let lock = try folder.claim()
        defer { withExtendedLifetime(lock) {} }
        let number = try folder.nextNumber()
        let temporary = folder.temporaryFolder(of: number)
        defer { try? FileManager.default.removeItem(at: temporary) }
        try reportingFiles { () throws(FileError) in try makeFolder(at: temporary) }

        progress("building generation \(number): \(kind.rawValue), \(ids.count) vectors")
        let plan = plan(for: vectors)
        let files = try write(catalogue, plan: plan, into: temporary)
        let bytes = [Generation.indexFile, Generation.vectorsFile]
            .reduce(0) { $0 + (files[$1]?.bytes ?? 0) }

        let searcher = try Generation.load(
            temporary,
            kind: kind,
            count: vectors.rows,
            dimension: vectors.columns,
            metric: metric
        ).searcher
        let defaults = try tune(searcher, bytes: bytes, progress: progress)
        let manifest = GenerationManifest(
            format: GenerationManifest.currentFormat,
            generation: number,
            kind: kind,
            count: vectors.rows,
            dimension: vectors.columns,
            metric: metric,
            embeddingVersion: embeddingVersion,
            storeIdentity: storeIdentity,
            build: plan.record(seed: seed, threads: threads),
            setting: defaults[0].setting,  // a generation is tuned for at least one k
            measured: defaults[0].measured,
            deeper: Array(defaults.dropFirst()),
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

    private func checkParameters() throws(RetrievalError) {
        guard !depths.isEmpty else {
            throw RetrievalError(.invalid, "a generation is tuned for at least one k; name 10")
        }
        for k in depths where !(1...Searcher.maximumK).contains(k) {
            throw RetrievalError(.invalid, "k must be 1 to \(Searcher.maximumK), not \(k)")
        }
        guard targetRecall > 0, targetRecall <= 1 else {
            throw RetrievalError(
                .invalid,
                "the target recall must lie above 0 and not above 1, not at \(targetRecall)"
            )
        }
        guard queries >= 1 else {
            throw RetrievalError(.invalid, "recall is measured on 1 query or more, not \(queries)")
        }
    }
}
