/// A context of the home-feed measure: from some of its items, the others should be found.
package struct ContextQuery: Sendable, Equatable {
    /// The rows of the items that the context is known to hold; they are not ranked.
    package var known: [Int]
    /// The rows of the items that it also holds.
    package var heldOut: [Int]
    /// How many more it holds that have no row: nothing can find them.
    package var missing: Int

    package init(known: [Int], heldOut: [Int], missing: Int = 0) {
        self.known = known
        self.heldOut = heldOut
        self.missing = missing
    }

    /// Whether there is anything to find.
    var isMeasured: Bool { !heldOut.isEmpty || missing > 0 }
}

/// How well contexts find the items that were held out of them.
///
/// The shares lie in 0...1. A report on no contexts holds zeros.
package struct ContextReport: Codable, Sendable, Equatable {
    /// The ranks at which the recall is told, ascending.
    package static let recallDepths = [20, 100]
    /// The rank up to which NDCG and coverage look: the first at which the recall is told.
    package static let depth = 20

    /// How many contexts were measured: those that have held-out items.
    package let contexts: Int
    /// By K: the share of a context's held-out items among its K best, averaged over contexts.
    package let recall: [Int: Double]
    /// By K: the normalised discounted cumulative gain of the K best, with a discount of
    /// log2(1 + rank) and an ideal cut at the number of held-out items, averaged over contexts.
    package let ndcg: [Int: Double]
    /// The share of the ranked items that appear in at least one context's 20 best.
    package let coverage: Double

    package init(contexts: Int, recall: [Int: Double], ndcg: [Int: Double], coverage: Double) {
        self.contexts = contexts
        self.recall = recall
        self.ndcg = ndcg
        self.coverage = coverage
    }
}
