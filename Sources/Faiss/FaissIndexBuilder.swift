import CFaiss
package import Vectors

/// An index under construction: train, add, save, finish.
///
/// It has one owner; ``finish()`` ends it and leaves an index that many threads may search.
@safe
package struct FaissIndexBuilder: ~Copyable {
    /// How the index is to be organised.
    package enum Plan: Sendable, Equatable {
        case flat
        /// At least as many training vectors as `lists`, whose first centroids follow from `seed`.
        case ivf(lists: Int, seed: Int32)
        /// `bits`: a multiple of 8; the random projections follow from `seed`. Codes know no
        /// metric: whoever searches them compares the vectors of what they return.
        case lsh(bits: Int, seed: Int32)
    }

    private let handle: OpaquePointer
    private let dimension: Int

    /// An empty index for vectors of `dimension` components; cosine is the inner product of
    /// vectors that the caller has brought to length one.
    package init(_ plan: Plan, dimension: Int, metric: Metric) throws(FaissError) {
        let faissMetric: CFaissMetric = metric == .l2 ? .L2 : .innerProduct
        var error = CFaissError()
        let made: OpaquePointer? =
            switch plan {
            case .flat:
                unsafe CFaiss_flat(Int64(dimension), faissMetric, &error)
            case .ivf(let lists, let seed):
                unsafe CFaiss_ivf(Int64(dimension), Int64(lists), faissMetric, seed, &error)
            case .lsh(let bits, let seed):
                unsafe CFaiss_lsh(Int64(dimension), Int64(bits), seed, &error)
            }
        guard let made = unsafe made else { throw FaissError(error) }
        unsafe handle = unsafe made
        self.dimension = dimension
    }

    deinit {
        unsafe CFaiss_free(handle)
    }

    /// Learns centroids or thresholds from `vectors` (count, dimension); flat needs none.
    package mutating func train(on vectors: Matrix, threads: Int) throws(FaissError) {
        try unsafe pass(vectors, threads: threads, to: CFaiss_train)
    }

    /// Appends `vectors` (count, dimension) as the next rows.
    package mutating func add(_ vectors: Matrix, threads: Int) throws(FaissError) {
        try unsafe pass(vectors, threads: threads, to: CFaiss_add)
    }

    /// Writes the index to a new file at `path`, which is not yet synchronised with the disk.
    package func save(to path: String) throws(FaissError) {
        var error = CFaissError()
        _ = unsafe CFaiss_save(handle, path, &error)
        try FaissError.check(error)
    }

    /// The finished index.
    package consuming func finish() -> FaissIndex {
        let index = unsafe FaissIndex(taking: handle)
        discard self
        return index
    }

    /// Hands `vectors` to a function of the C header.
    private func pass(
        _ vectors: Matrix,
        threads: Int,
        to function: (
            OpaquePointer, Int64, UnsafePointer<Float>, Int32, UnsafeMutablePointer<CFaissError>
        ) -> CFaissStatus
    ) throws(FaissError) {
        guard vectors.columns == dimension else {
            throw FaissError(
                .argument,
                "vectors of \(vectors.columns) dimensions do not fit an index of \(dimension)"
            )
        }
        var error = CFaissError()
        _ = unsafe function(
            handle,
            Int64(vectors.rows),
            vectors.elements,
            Int32(clamping: threads),
            &error
        )
        try FaissError.check(error)
    }
}
