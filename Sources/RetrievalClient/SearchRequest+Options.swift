package import Vectors
package import Wire
import Foundation

extension SearchRequest {
    /// Asks for the `k` items nearest to each row of `vectors`; what an effort, or a recall to aim
    /// at, of 0 stands for, says `retrieval.proto`.
    package init(
        vectors: Matrix,
        k: Int,
        options: SearchOptions = SearchOptions()
    ) throws(RetrievalClientError) {
        self.init()
        dim = try number(vectors.columns, "dimension")
        queriesF32Le = Data(floats: vectors.elements)
        self.k = try number(k, "k")
        effort = try number(options.effort ?? 0, "effort")
        recall = Float(options.recall ?? 0)
        minGeneration = try number(options.minimumGeneration, "generation")
        if let filter = options.filter {
            self.filter = filter
        }
    }
}

/// `value` in the type that the wire has for it.
func number<Number: FixedWidthInteger>(
    _ value: Int,
    _ name: String
) throws(RetrievalClientError) -> Number {
    guard let number = Number(exactly: value) else {
        throw RetrievalClientError(
            .invalidArgument,
            "\(name) = \(value) is out of range; use a number from 0 to \(Number.max)"
        )
    }
    return number
}
