import BLAS
import RealModule
package import Vectors

/// The strengths of ``whitening`` that a validation tries; 0 is the plain mean.
package let contextStrengths: [Float] = [0, 0.25, 0.5, 0.75, 1]

/// The map from the mean of the directions of a context's items to the context's query,
/// (Z^T Z / n)^-strength, for the `rows` Z (n, d) of `vectors`; nil for strength 0.
///
/// Each direction counts less, the more the catalogue spreads along it: the plain mean leans towards
/// the few in which all vectors are strong. At strength 1 it is the map of a least-squares problem,
/// by which implicit matrix factorisation makes a user's vector of their items' (Hu, Koren and
/// Volinsky, ICDM 2008).
package func whitening(_ vectors: some DenseRows, rows: [Int], strength: Float) -> Matrix? {
    guard strength > 0, !rows.isEmpty else { return nil }
    // Block by block, since the vectors may be more than memory holds.
    let blockSize = 4096
    var spread = Matrix(rows: vectors.columns, columns: vectors.columns)
    for start in stride(from: 0, to: rows.count, by: blockSize) {
        let block = vectors.gather(rows[start..<min(start + blockSize, rows.count)])
        spread.addProduct(block, transposeA: true, block)
    }
    let (axes, spreads) = spread.symmetricEigenvectors()
    // A direction in which there is next to nothing is not made a loud one.
    let largest = max(spreads.first ?? 0, .leastNormalMagnitude)
    let scales = spreads.map { Float.pow(max($0 / largest, 1e-5), -strength) }
    var scaled = axes
    scaled.forEachRow(threads: 1) { place, row in
        for index in row.indices {
            row[index] *= scales[place]
        }
    }
    return .product(scaled, transposeA: true, axes)
}
