import Faiss
import Vectors

extension GenerationBuilder {
    /// The largest catalogue sample that thresholds are learnt from: medians of that many values
    /// are exact enough, and Faiss sorts them for each bit.
    static let largestCodeSample = 8_192

    /// The index to build for `vectors`.
    ///
    /// About 4 sqrt(count) lists balance the search of the centroids with that of the lists; below
    /// 16 vectors a list the centroids would be the catalogue again. 4 bits for each dimension make
    /// a code an eighth of the vector.
    func plan(for vectors: Matrix) -> FaissIndexBuilder.Plan {
        let seed = Int32(truncatingIfNeeded: seed & UInt64(Int32.max))
        switch kind {
        case .flat:
            return .flat
        case .ivf:
            let balanced = Int(4 * Double(vectors.rows).squareRoot())
            return .ivf(lists: lists ?? max(1, min(balanced, vectors.rows / 16)), seed: seed)
        case .lsh:
            let rounded = (4 * vectors.columns + 63) / 64 * 64
            return .lsh(bits: bits ?? min(rounded, 4_096), seed: seed)
        }
    }

    /// The vectors that the index of `plan` learns from.
    func trainingSample(of vectors: Matrix, plan: FaissIndexBuilder.Plan) -> Matrix {
        guard case .lsh = plan, vectors.rows > Self.largestCodeSample else { return vectors }
        // Rows at equal distances: their order is that of the ids, which the vectors know nothing of.
        let rows = (0..<Self.largestCodeSample).map { $0 * vectors.rows / Self.largestCodeSample }
        return vectors.gather(rows)
    }
}

extension FaissIndexBuilder.Plan {
    /// How the manifest tells of this plan.
    func record(seed: UInt64, threads: Int) -> GenerationManifest.Build {
        switch self {
        case .flat: .init(lists: nil, bits: nil, seed: seed, threads: threads)
        case .ivf(let lists, _): .init(lists: lists, bits: nil, seed: seed, threads: threads)
        case .lsh(let bits, _): .init(lists: nil, bits: bits, seed: seed, threads: threads)
        }
    }
}
