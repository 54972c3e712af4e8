import Faiss
import Files
package import Foundation
import Indexes
import Vectors

extension GenerationManifest {
    /// Checks that every file named here lies in `folder` with the right size, and with the right
    /// SHA-256 if `digests`.
    package func verifyFiles(inFolder folder: URL, digests: Bool) throws(RetrievalError) {
        for (name, seal) in files.sorted(by: { $0.key < $1.key }) {
            guard !name.contains("/"), !name.hasPrefix(".") else {
                throw RetrievalError(
                    .damaged,
                    "the manifest in \(folder.path) names \(name), which is not a file there"
                )
            }
            let url = folder.appendingPathComponent(name)
            let size = try reportingFiles { () throws(FileError) in
                try MappedFile(at: url).byteCount
            }
            guard size == seal.bytes else {
                throw RetrievalError(
                    .damaged,
                    "\(url.path) has \(size) bytes instead of \(seal.bytes); "
                        + "build a new generation, or go back to an older one"
                )
            }
            guard digests else { continue }
            let digest = try reportingFiles { () throws(FileError) in try sha256(ofFileAt: url) }
            guard digest == seal.sha256 else {
                throw RetrievalError(
                    .damaged,
                    "\(url.path) does not have the SHA-256 of its manifest; "
                        + "build a new generation, or go back to an older one"
                )
            }
        }
    }
}

extension Searcher {
    /// What the files of `folder` hold, checked against each other.
    init(inFolder folder: URL, _ form: GenerationForm) throws(RetrievalError) {
        let vectors = try reportingFiles { () throws(FileError) in
            try StoredVectors(
                contentsOf: folder.appendingPathComponent(form.vectorsFile),
                count: form.count,
                dimension: form.dimension,
                metric: form.metric,
                precision: form.precision
            )
        }
        let index = try Index(at: folder, form)
        guard index.fits(form) else {
            throw RetrievalError(
                .damaged,
                "the files of \(folder.path) do not belong together; build a new generation"
            )
        }
        self.init(index: index, vectors: vectors)
    }
}

extension Searcher.Index {
    fileprivate init(at folder: URL, _ form: GenerationForm) throws(RetrievalError) {
        guard let file = form.indexFile else {
            self = .flat
            return
        }
        let url = folder.appendingPathComponent(file)
        switch form.kind {
        case .flat: self = .flat
        case .ivf:
            self = .ivf(
                try reportingFiles { () throws(FileError) in try InvertedLists(contentsOf: url) }
            )
        case .lsh:
            self = .lsh(
                try reportingFiles { () throws(FileError) in try TokenTables(contentsOf: url) }
            )
        case .lshscan:
            self = .lshscan(
                try reportingFaiss { () throws(FaissError) in
                    try FaissIndex(contentsOf: url.path)
                }
            )
        case .hnsw:
            self = .hnsw(
                try reportingFiles { () throws(FileError) in try LinkedRows(contentsOf: url) }
            )
        }
    }

    /// Whether this is an index of vectors of that form.
    fileprivate func fits(_ form: GenerationForm) -> Bool {
        switch self {
        case .flat: true
        case .ivf(let lists):
            lists.count == form.count && lists.dimension == form.dimension
                && lists.isEuclidean == (form.metric == .l2)
        case .lsh(let tables):
            tables.count == form.count && tables.dimension == form.dimension
        case .lshscan(let codes): codes.count == form.count && codes.dimension == form.dimension
        case .hnsw(let links): links.count == form.count
        }
    }
}

extension Generation {
    /// Reads all that searches read, so that the first of them is as quick as the last.
    package func warm() {
        searcher.vectors.warm()
        switch searcher.index {
        case .flat, .lshscan: break  // Faiss has read its own
        case .ivf(let lists): lists.warm()
        case .lsh(let tables): tables.warm()
        case .hnsw(let links): links.warm()
        }
    }
}
