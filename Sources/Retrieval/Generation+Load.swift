import Faiss
import Files
package import Foundation
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

extension Generation {
    /// What the files of `folder` hold, checked against each other.
    static func load(
        _ folder: URL,
        kind: IndexKind,
        count: Int,
        dimension: Int,
        metric: Metric
    ) throws(RetrievalError) -> (searcher: Searcher, ids: MappedIDs) {
        let index = try reportingFaiss { () throws(FaissError) in
            try FaissIndex(contentsOf: folder.appendingPathComponent(indexFile).path)
        }
        let ids = try reportingFiles { () throws(FileError) in
            try MappedIDs(contentsOf: folder.appendingPathComponent(idsFile))
        }
        let vectors = try reportingFiles { () throws(FileError) in
            try MappedVectors(
                contentsOf: folder.appendingPathComponent(vectorsFile),
                count: count,
                dimension: dimension,
                metric: metric
            )
        }
        guard index.fits(kind, metric), index.count == count, index.dimension == dimension,
            ids.count == count
        else {
            throw RetrievalError(
                .damaged,
                "the files of \(folder.path) do not belong together; build a new generation"
            )
        }
        return (Searcher(kind: kind, index: index, vectors: vectors), ids)
    }
}

extension FaissIndex {
    /// Whether this is the index of a generation of `kind` and `metric`.
    fileprivate func fits(_ kind: IndexKind, _ metric: Metric) -> Bool {
        switch (kind, structure) {
        case (.flat, .flat), (.ivf, .ivf): isEuclidean == (metric == .l2)
        case (.lsh, .lsh): true
        default: false
        }
    }
}
