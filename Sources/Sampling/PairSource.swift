/// Where the pairs come from that a model learns to bring together.
package enum PairSource: String, Codable, Sendable, CaseIterable {
    /// Two items of one context.
    case coMembership = "contexts"
    /// An item, and where a short walk with restarts from it ends.
    case walks
    /// An item, and the one that came next into the same context: the paper's pair of what a user
    /// saved, and saved right after it. Needs a graph with times.
    case consecutive
}
