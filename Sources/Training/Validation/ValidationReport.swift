package import Evaluation

/// How well a model answers what was kept out of its training.
package struct ValidationReport: Sendable, Equatable {
    /// What new items find, and how contexts find them.
    package struct NewItems: Codable, Sendable, Equatable {
        /// A new item asks for one that its context keeps.
        package let pairs: PairReport
        /// Contexts ask for new items, among new items.
        package let contexts: ContextReport
    }

    var pairs: PairReport?
    var contexts: ContextReport?
    var newItems: NewItems?
    /// The strength of the ``ContextMap`` by which contexts asked best.
    var contextStrength: Float

    /// The pairs by which epochs are compared: new items', where there are any.
    var decisive: PairReport? { newItems?.pairs ?? pairs }
    /// The recall@20 by which ways to ask are compared.
    var decisiveRecall: Double { (newItems?.contexts ?? contexts)?.recall[20] ?? 0 }
}
