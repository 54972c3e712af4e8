import BLAS
package import Faiss
package import Files
import Kernels
package import Vectors

/// Vectors by the lists that they lie in: a sample was clustered, and each vector lies in the list
/// of its nearest centroid.
package struct ListClusters: Sendable {
    /// (lists, dimension).
    let centroids: Matrix
    /// The list of each vector.
    let lists: [UInt32]
    /// The mean of the sample (dimension).
    let mean: [Float]
}

/// Builds inverted lists: clusters a sample of the vectors, assigns all of them to the nearest
/// centroid, and writes them as codes, of one form or of several.
///
/// One seed gives the same bytes, whatever the number of threads.
package struct InvertedListsBuilder: Sendable {
    package var listCount: Int
    let seed: UInt64
    let threads: Int

    /// So many vectors of the sample for each centroid: with more, the centroids hardly move.
    private static let sampleOfList = 50
    /// So many vectors teach the codebooks, whose few rows need no more.
    private static let sampleOfCodes = 65_536
    private static let iterations = 8

    package init(listCount: Int, seed: UInt64, threads: Int) {
        self.listCount = listCount
        self.seed = seed
        self.threads = threads
    }

    /// The lists of `vectors` (count, dimension).
    ///
    /// `progress` hears of each step.
    package func cluster(
        _ vectors: Matrix,
        progress: (String) -> Void
    ) throws(FaissError) -> ListClusters {
        var steps = BuildSteps()
        let sample = vectors.sample(min(vectors.rows, listCount * Self.sampleOfList), seed: seed)
        let centroids = try sample.clustered(
            into: listCount,
            iterations: Self.iterations,
            seed: seed,
            threads: threads
        )
        progress(steps.done("clustered \(sample.rows) vectors into \(listCount) lists"))
        let lists = vectors.nearestRows(of: centroids, threads: threads)
        progress(steps.done("assigned \(vectors.rows) vectors to their lists"))
        return ListClusters(centroids: centroids, lists: lists, mean: sample.mean)
    }

    /// The lists of `vectors`, which `clusters` are those of, ready to be written.
    package func encode(
        _ vectors: Matrix,
        _ clusters: ListClusters,
        as form: CodeForm,
        metric: Metric,
        progress: (String) -> Void
    ) throws(FaissError) -> InvertedListsFile {
        var steps = BuildSteps()
        let coder = try coder(vectors, clusters, form, metric)
        let codes = coder.encode(vectors, clusters.lists, threads: threads)
        let file = InvertedListsFile(draft: arrange(codes, clusters.lists, coder))
        progress(steps.done("wrote \(vectors.rows) codes of \(form)"))
        return file
    }

    private func coder(
        _ vectors: Matrix,
        _ clusters: ListClusters,
        _ form: CodeForm,
        _ metric: Metric
    ) throws(FaissError) -> ListCoder {
        let (lists, centroids) = (clusters.lists, clusters.centroids)
        let count = min(vectors.rows, Self.sampleOfCodes)
        let rows = (0..<count).map { $0 * vectors.rows / count }
        let room = form.room(dimension: vectors.columns)
        var rests = Matrix(rows: count, columns: room)
        for (place, row) in rows.enumerated() {
            for column in 0..<vectors.columns {
                rests[place, column] = vectors[row, column] - centroids[Int(lists[row]), column]
            }
        }
        return ListCoder(
            form: form,
            isEuclidean: metric == .l2,
            mean: clusters.mean,
            centroids: centroids,
            codebooks: try codebooks(of: rests, form),
            step: (rests.elements.reduce(0) { max($0, abs($1)) }) / 127
        )
    }

    /// (parts, width, 16), by columns of the rows of each part's clusters.
    private func codebooks(of rests: Matrix, _ form: CodeForm) throws(FaissError) -> [Float] {
        guard case .parts(let width) = form else { return [] }
        let parts = rests.columns / width
        let seed = seed
        let trained = mapInParallel(over: parts, parts: parts, threads: threads) { range in
            range.map { part in
                Result { () throws(FaissError) in
                    let columns = rests.columns(part * width..<(part + 1) * width)
                    let rows = min(CodeBlocks.codeCount, columns.rows)
                    let clusters = try columns.clustered(
                        into: rows,
                        iterations: 16,
                        seed: seed,
                        threads: 1
                    )
                    return clusters.asCodebook
                }
            }
        }
        var codebooks: [Float] = []
        for result in trained.joined() {
            codebooks += try result.get()
        }
        return codebooks
    }

    /// Lays out the codes by lists.
    private func arrange(
        _ codes: ListCoder.Codes,
        _ lists: [UInt32],
        _ coder: ListCoder
    ) -> InvertedListsDraft {
        let codeCount = CodeBlocks.codeCount
        var sizes = [Int](repeating: 0, count: listCount)
        for list in lists { sizes[Int(list)] += 1 }
        var bounds: [UInt32] = [0]
        for size in sizes {
            bounds.append(bounds[bounds.count - 1] + UInt32((size + codeCount - 1) / codeCount))
        }
        var draft = coder.draft(count: lists.count, bounds: bounds)
        var next = bounds.dropLast().map { Int($0) * codeCount }
        for (row, list) in lists.enumerated() {
            draft.put(codes, row: row, at: next[Int(list)])
            next[Int(list)] += 1
        }
        return draft
    }
}

/// Tells how long each step took.
private struct BuildSteps {
    private var last = ContinuousClock.now

    mutating func done(_ step: String) -> String {
        let now = ContinuousClock.now
        defer { last = now }
        return "\(step) (\(((now - last) / .milliseconds(100)).rounded() / 10) s)"
    }
}

/// Inverted lists that were built, to be written to a file.
package struct InvertedListsFile: Sendable {
    let draft: InvertedListsDraft

    package func write(to writer: inout FileWriter) throws(FileError) {
        try draft.write(to: &writer)
    }
}
