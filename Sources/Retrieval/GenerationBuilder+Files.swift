import Faiss
import Files
import Foundation
import Indexes
import Kernels
import Vectors

extension GenerationBuilder {
    /// Writes the ids, the vectors and the index into `folder`, durably, and returns what they
    /// must be from now on, and how they were built.
    func write(
        _ catalogue: Catalogue,
        _ form: GenerationForm,
        into folder: URL,
        progress: (String) -> Void
    ) throws(RetrievalError) -> (
        files: [String: GenerationManifest.Seal], build: GenerationManifest.Build
    ) {
        var files: [String: GenerationManifest.Seal] = [:]
        try reportingFiles { () throws(FileError) in
            files[form.vectorsFile] = try writeFile(form.vectorsFile, in: folder) {
                (writer) throws(FileError) in
                try writer.append(catalogue.vectors, as: form.precision)
            }
            files[Generation.idsFile] = try writeFile(Generation.idsFile, in: folder) {
                (writer) throws(FileError) in
                try MappedIDs.write(catalogue.ids, to: &writer)
            }
        }
        var build = record(of: catalogue)
        if let file = form.indexFile {
            switch kind {
            case .ivf:
                let lists = try writeLists(catalogue, form, into: folder, progress: progress)
                files[file] = lists.seal
                (build.lists, build.dimensionBits) = (lists.count, lists.dimensionBits)
            default:
                files[file] = try writeIndex(catalogue, file, into: folder)
            }
        }
        return (files, build)
    }

    /// How broadly a row's neighbours are looked for when it is linked (hnsw).
    private static let linkBreadth = 100

    private func writeIndex(
        _ catalogue: Catalogue,
        _ file: String,
        into folder: URL
    ) throws(RetrievalError) -> GenerationManifest.Seal {
        let vectors = catalogue.vectors
        switch kind {
        case .flat, .ivf, .lshscan: return try writeCodes(catalogue, file, into: folder)
        case .lsh:
            let tables = tokensBuilder(vectors).build(vectors)
            return try reportingFiles { () throws(FileError) in
                try writeFile(file, in: folder) { (writer) throws(FileError) in
                    try tables.write(to: &writer)
                }
            }
        case .hnsw:
            let links = try reportingFaiss { () throws(FaissError) in
                try RowLinks(
                    of: vectors,
                    metric: catalogue.metric,
                    degree: linkDegree,
                    breadth: Self.linkBreadth,
                    seed: seed
                )
            }
            return try reportingFiles { () throws(FileError) in
                try writeFile(file, in: folder) { (writer) throws(FileError) in
                    try links.write(to: &writer)
                }
            }
        }
    }

    /// The codes of Faiss.
    private func writeCodes(
        _ catalogue: Catalogue,
        _ file: String,
        into folder: URL
    ) throws(RetrievalError) -> GenerationManifest.Seal {
        let vectors = catalogue.vectors
        // Faiss neither synchronises nor hashes what it writes, so its file is copied.
        let draft = folder.appendingPathComponent("index.draft")
        defer { try? FileManager.default.removeItem(at: draft) }
        let seed = Int32(truncatingIfNeeded: seed & UInt64(Int32.max))
        try reportingFaiss { () throws(FaissError) in
            var index = try FaissIndexBuilder(
                .lsh(bits: codeBits(vectors.columns), seed: seed),
                dimension: vectors.columns,
                metric: catalogue.metric
            )
            try index.train(on: codeSample(of: vectors), threads: threads)
            try index.add(vectors, threads: threads)
            try index.save(to: draft.path)
        }
        return try reportingFiles { () throws(FileError) in
            let index = try MappedFile(at: draft)
            return try writeFile(file, in: folder) { (writer) throws(FileError) in
                try writer.append(index.bytes)
            }
        }
    }
}

extension FileWriter {
    /// Appends all elements, row after row.
    fileprivate mutating func append(
        _ matrix: Matrix,
        as precision: Precision
    ) throws(FileError) {
        switch precision {
        case .fp32: try append(matrix.elements)
        case .fp16:
            // In pieces, so that the halves are not all in memory besides the floats.
            let elements = matrix.elements.span
            for start in stride(from: 0, to: elements.count, by: 1 << 20) {
                let part = elements.extracting(start..<min(start + (1 << 20), elements.count))
                var halves = [Float16](repeating: 0, count: part.count)
                var span = halves.mutableSpan
                KernelSet.best.convert(part, into: &span)
                try append(halves)
            }
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
