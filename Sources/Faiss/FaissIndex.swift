import CFaiss
package import Vectors

/// A finished Faiss index, which answers searches and never changes.
///
/// ```swift
/// var builder = try FaissIndexBuilder(.ivf(lists: 64, seed: 1), dimension: 128, metric: .l2)
/// try builder.train(on: vectors, threads: 2)
/// try builder.add(vectors, threads: 2)
/// let index = builder.finish()
/// let candidates = try index.search(query, k: 10, probes: 8)
/// ```
///
/// Rows are numbered from 0 in the order of addition.
@safe
package final class FaissIndex: Sendable {
    /// How an index is organised.
    package enum Structure: Sendable, Equatable {
        /// All vectors, compared one by one.
        case flat
        /// Vectors in lists around centroids; a search visits some lists.
        case ivf(lists: Int)
        /// Codes of signs of random projections, compared by Hamming distance.
        case lsh(bits: Int)
    }

    package let structure: Structure
    package let dimension: Int
    package let count: Int
    /// Whether distances are Euclidean; if not, they are inner products.
    package let isEuclidean: Bool
    /// Never changed after `init` and freed only in `deinit`.
    ///
    /// "Faiss CPU indices are thread-safe
    /// for concurrent searches, and other operations that do not change the index" (Faiss wiki,
    /// Threads and asynchronous calls), and the C function that searches changes nothing.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Takes over `handle`.
    init(taking handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
        let shape = unsafe CFaiss_shape(handle)
        dimension = Int(shape.dimension)
        count = Int(shape.count)
        isEuclidean = shape.metric == .L2
        structure =
            switch shape.kind {
            case .flat: .flat
            case .ivf: .ivf(lists: Int(shape.lists))
            case .lsh: .lsh(bits: Int(shape.bits))
            }
    }

    /// Reads the index at `path` into memory.
    ///
    /// Faiss trusts what it reads: verify the file's checksum first.
    package convenience init(contentsOf path: String) throws(FaissError) {
        var error = CFaissError()
        guard let handle = unsafe CFaiss_load(path, &error) else { throw FaissError(error) }
        unsafe self.init(taking: handle)
    }

    deinit {
        unsafe CFaiss_free(handle)
    }

    /// The candidates nearest to `query` (dimension), best first, found on this thread alone.
    ///
    /// There are `min(k, count)` of them, or fewer where the probed lists hold fewer. Scores are
    /// inner products, or minus squared distances; of an lsh index minus the Hamming distances of
    /// codes, which say little until the vectors themselves are compared. `probes` is the number
    /// of lists to visit; indexes without lists ignore it.
    ///
    /// - Throws: ``FaissError`` with code `argument` where the dimension differs, a component is
    ///   not finite, `k` is below 1, or `probes` is not in 1...lists.
    package func search(
        _ query: Span<Float>,
        k: Int,
        probes: Int = 1
    ) throws(FaissError) -> [Candidate] {
        guard query.count == dimension else {
            throw FaissError(
                .argument,
                "a query of \(query.count) dimensions does not fit an index of \(dimension)"
            )
        }
        let room = max(1, min(k, count))
        var rows = [Int64](repeating: 0, count: room)
        var distances = [Float](repeating: 0, count: room)
        var found: Int64 = 0
        var error = CFaissError()
        unsafe query.withUnsafeBufferPointer { query in
            guard let query = query.baseAddress else { return }
            _ = unsafe CFaiss_search(
                handle,
                query,
                Int64(min(k, room)),
                Int64(probes),
                &rows,
                &distances,
                &found,
                &error
            )
        }
        try FaissError.check(error)
        let sign: Float = isEuclidean ? -1 : 1
        return (0..<Int(found)).map { hit in
            Candidate(row: Int(rows[hit]), score: sign * distances[hit])
        }
    }
}
