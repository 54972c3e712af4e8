import Faiss
import Files
import Foundation
import Vectors

extension GenerationBuilder {
    /// Writes the ids, the vectors and the index into `folder`, durably, and returns what they
    /// must be from now on.
    func write(
        _ catalogue: Catalogue,
        plan: FaissIndexBuilder.Plan,
        into folder: URL
    ) throws(RetrievalError) -> [String: GenerationManifest.Seal] {
        let vectors = catalogue.vectors
        // Faiss neither synchronises nor hashes what it writes, so its file is copied.
        let draft = folder.appendingPathComponent("index.draft")
        try reportingFaiss { () throws(FaissError) in
            var index = try FaissIndexBuilder(
                plan,
                dimension: vectors.columns,
                metric: catalogue.metric
            )
            try index.train(on: trainingSample(of: vectors, plan: plan), threads: threads)
            try index.add(vectors, threads: threads)
            try index.save(to: draft.path)
        }
        return try reportingFiles { () throws(FileError) in
            let index = try MappedFile(at: draft)
            let files = [
                Generation.indexFile: try writeFile(Generation.indexFile, in: folder) {
                    (writer) throws(FileError) in
                    try writer.append(index.bytes)
                },
                Generation.vectorsFile: try writeFile(Generation.vectorsFile, in: folder) {
                    (writer) throws(FileError) in
                    try writer.append(vectors.elements)
                },
                Generation.idsFile: try writeFile(Generation.idsFile, in: folder) {
                    (writer) throws(FileError) in
                    try MappedIDs.write(catalogue.ids, to: &writer)
                },
            ]
            try? FileManager.default.removeItem(at: draft)
            return files
        }
    }
}

/// Writes the file `name` in `folder`, durably, and returns its seal.
func writeFile(
    _ name: String,
    in folder: URL,
    _ body: (inout FileWriter) throws(FileError) -> Void
) throws(FileError) -> GenerationManifest.Seal {
    var writer = try FileWriter(at: folder.appendingPathComponent(name))
    try body(&writer)
    let count = writer.byteCount
    return .init(bytes: count, sha256: try writer.finish().hexadecimal)
}
