package import Vectors

/// How evenly the embeddings fill their space: the excess kurtosis of the cosine similarities of
/// `pairs` random pairs of different items.
///
/// Excess kurtosis is m4 / m2^2 - 3, with mi the i-th central moment of the sample: 0 for a normal
/// distribution, never below -2. It is the definition of the paper's section 4.3 as far as one can
/// tell: its value for PinSage, 0.43, is below 1, the least that plain kurtosis can be. Lower is a
/// wider spread, which leaves an index fewer near collisions to tell apart.
///
/// Fewer than two rows, or similarities that are all equal, give 0. One seed, one value.
package func similarityKurtosis(of vectors: Matrix, pairs: Int, seed: UInt64) -> Double {
    guard vectors.rows > 1 else { return 0 }
    var vectors = vectors
    vectors.normaliseRows()
    var generator = SeededGenerator(seed: seed)
    let similarities = (0..<max(0, pairs)).map { _ in
        let a = generator.index(below: vectors.rows)
        // One of the other rows: those above `a` stand one lower.
        let other = generator.index(below: vectors.rows - 1)
        let b = other < a ? other : other + 1
        let span = vectors.elements.span
        return Double(
            innerProduct(
                span.extracting(vectors.range(ofRow: a)),
                span.extracting(vectors.range(ofRow: b))
            )
        )
    }
    return excessKurtosis(of: similarities)
}

/// The excess kurtosis of a sample: m4 / m2^2 - 3; 0 where the sample does not vary.
package func excessKurtosis(of sample: [Double]) -> Double {
    let count = Double(max(1, sample.count))
    let mean = sample.reduce(0, +) / count
    var (m2, m4) = (0.0, 0.0)
    for value in sample {
        let square = (value - mean) * (value - mean)
        m2 += square / count
        m4 += square * square / count
    }
    // Similarities lie in -1...1; below this variance only their rounding is left.
    let roundingVariance = 1e-14
    return m2 > roundingVariance ? m4 / (m2 * m2) - 3 : 0
}
