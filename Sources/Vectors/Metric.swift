import Kernels

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
/// The sum is taken in the order that is fastest on the processor, so two processors may differ in
/// the last bits.
package func innerProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    KernelSet.best.compare(a, with: b, by: .innerProduct)
}

/// The squared Euclidean distance of two vectors of one dimension, summed in the same way.
package func squaredDistance(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    KernelSet.best.compare(a, with: b, by: .squaredDistance)
}
