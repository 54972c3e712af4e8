import Kernels
import Vectors

extension Metric {
    /// What the kernels compute for this metric.
    var comparison: Comparison {
        switch self {
        case .innerProduct, .cosine: .innerProduct
        case .l2: .squaredDistance
        }
    }

    /// Turns what the kernels computed into scores, of which a larger one is nearer.
    func makeScores(_ results: inout MutableSpan<Float>) {
        guard self == .l2 else { return }
        for index in results.indices {
            results[index] = -results[index]
        }
    }
}
