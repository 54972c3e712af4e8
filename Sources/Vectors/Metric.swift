import RealModule

/// How near two vectors are.
///
/// A score is larger where vectors are nearer, for every metric; so the best candidate is always
/// the one with the largest score.
package enum Metric: String, Codable, Sendable, CaseIterable {
    /// The inner product of the two vectors.
    case innerProduct = "ip"
    /// The inner product of the two vectors at length one.
    case cosine
    /// Minus the squared Euclidean distance.
    case l2

    /// The score of two vectors of one dimension; for `cosine` both must be of length one.
    package func score(_ a: Span<Float>, _ b: Span<Float>) -> Float {
        switch self {
        case .innerProduct, .cosine: Vectors.innerProduct(a, b)
        case .l2: -squaredDistance(a, b)
        }
    }
}

/// The inner product of two vectors of one dimension.
///
/// The sum may be taken in any order (that is what makes it fast), so two processors may differ
/// in the last bits.
package func innerProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "an inner product takes two vectors of one dimension")
    var sum: Float = 0
    for index in a.indices {
        sum = Relaxed.multiplyAdd(a[index], b[index], sum)
    }
    return sum
}

/// The squared Euclidean distance of two vectors of one dimension, in any order of summation.
package func squaredDistance(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "a distance takes two vectors of one dimension")
    var sum: Float = 0
    for index in a.indices {
        let difference = a[index] - b[index]
        sum = Relaxed.multiplyAdd(difference, difference, sum)
    }
    return sum
}
