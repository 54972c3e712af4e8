import CFaiss
package import Vectors

extension Matrix {
    /// The centroids (clusters, columns) of k-means over the rows, by Faiss; the first ones are
    /// rows drawn by `seed`.
    ///
    /// - Throws: ``FaissError`` where there are fewer rows than clusters, or a value is not finite.
    package func clustered(
        into clusters: Int,
        iterations: Int,
        seed: UInt64,
        threads: Int
    ) throws(FaissError) -> Matrix {
        var centroids = Matrix(rows: clusters, columns: columns)
        var error = CFaissError()
        _ = unsafe CFaiss_cluster(
            Int64(columns),
            Int64(rows),
            elements,
            Int64(clusters),
            Int32(clamping: iterations),
            Int32(truncatingIfNeeded: seed & UInt64(Int32.max)),
            Int32(clamping: threads),
            &centroids.elements,
            &error
        )
        try FaissError.check(error)
        return centroids
    }
}
