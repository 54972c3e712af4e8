/// What a pair and its negatives are judged by.
package struct LossSettings: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The paper's loss (its equation 1).
        case maxMargin = "max-margin"
        /// The pair's item against all negatives at once: what most systems after the paper took.
        case softmax
        /// The pair and each negative by themselves (GraphSAGE's loss; "xent" in the paper).
        case crossEntropy = "cross-entropy"
    }

    package var kind = Kind.softmax
    /// Delta of the max-margin loss, on embeddings of length one.
    package var margin: Float = 0.1
    /// What scores are divided by in the other two losses; small values look at the nearest only.
    package var temperature: Float = 0.07
    /// Whether softmax weighs negatives by how rarely they are drawn, as if all items were there.
    ///
    /// This is the logQ correction (Bengio and Senécal, IEEE Transactions on Neural Networks 2008).
    package var correction = true

    package init() {}
}
