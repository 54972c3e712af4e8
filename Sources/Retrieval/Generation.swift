import Files
package import Foundation
package import Indexes
package import Vectors

/// An index, the vectors that it reranks with, and their ids: complete, checked and immutable.
///
/// Rows are in ascending order of the ids' UTF-8 bytes. Any number of threads may search at once;
/// ids and vectors are mapped, so processes that open one generation share them.
///
/// ```swift
/// let generation = try folder.open(7, checking: true)
/// let candidates = try generation.search(query.span, k: 10)
/// let ids = candidates.map { generation.id(ofRow: $0.row) }
/// ```
package final class Generation: Sendable {
    static let idsFile = "ids"

    package let manifest: GenerationManifest
    let searcher: Searcher
    private let ids: MappedIDs

    private let folder: URL

    /// Opens the generation in `folder`: its manifest, then the sizes of its files, their SHA-256
    /// if `checking`, and only then what they hold.
    ///
    /// What the files hold is checked in any case as far as it must be for no search to step
    /// outside; but Faiss trusts what it reads, so its files are never read unchecked.
    ///
    /// - Throws: ``RetrievalError``: `missing` or `damaged` where a file is not what the manifest
    ///   says, `mismatched` where its format is another.
    package init(at folder: URL, checking: Bool) throws(RetrievalError) {
        manifest = try GenerationManifest(inFolder: folder)
        self.folder = folder
        try manifest.verifyFiles(inFolder: folder, digests: checking || manifest.kind == .lshscan)
        searcher = try Searcher(inFolder: folder, manifest.form)
        let ids = try reportingFiles { () throws(FileError) in
            try MappedIDs(contentsOf: folder.appendingPathComponent(Self.idsFile))
        }
        guard ids.count == manifest.count else {
            throw RetrievalError(
                .damaged,
                "\(folder.path) has \(ids.count) ids for \(manifest.count) vectors; "
                    + "build a new generation"
            )
        }
        self.ids = ids
    }

    /// Checks the SHA-256 of all files.
    package func verifyDigests() throws(RetrievalError) {
        try manifest.verifyFiles(inFolder: folder, digests: true)
    }

    package var number: Int { manifest.generation }
    package var count: Int { manifest.count }
    package var dimension: Int { manifest.dimension }
    package var metric: Metric { manifest.metric }
    package var embeddingVersion: Int { manifest.embeddingVersion }

    /// The id of `row`, which must lie in 0..<count.
    package func id(ofRow row: Int) -> String {
        ids[row]
    }

    /// How many bytes of UTF-8 the id of `row` has.
    package func idLength(ofRow row: Int) -> Int {
        ids.length(row)
    }

    /// Appends the UTF-8 of the id of `row`, which need not become a string for it.
    package func appendID(ofRow row: Int, to text: inout OutputSpan<UInt8>) {
        ids.append(row, to: &text)
    }

    /// The row of `id`, or nil where the generation does not hold it.
    ///
    /// - Complexity: O(log count).
    package func row(ofID id: String) -> Int? {
        ids.row(of: id)
    }

    /// A copy of the vector of `row` (dimension); of length one where the metric is cosine.
    package func vector(ofRow row: Int) -> [Float] {
        vectors.vector(row)
    }

    /// All vectors, mapped.
    package var vectors: StoredVectors { searcher.vectors }
}
