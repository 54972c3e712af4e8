/// How neighbourhoods are found.
package struct WalkSettings: Codable, Sendable, Equatable {
    /// Walks from each item.
    package var walks = 200
    /// Walks from an item of high degree, at most.
    ///
    /// Walks grow with the degree as in Pixie (see ``WalkBudget``). At 0, or below `walks`, all items
    /// have the same number, as in the paper.
    package var mostWalks = 0
    /// Steps of a walk that does not restart sooner; a step is two hops: item, context, item.
    package var length = 3
    /// The chance, after each step, that the walk starts again at its item.
    package var restart: Float = 0.5
    /// T, the size of a neighbourhood; at 0 all are empty.
    package var neighbours = 20
    /// How far frequent items are kept out of walks (see ``Walker``); 0 is the paper's walk.
    package var damping: Float = 0

    package init() {}

    /// Settings that were written before `mostWalks` was one mean none.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        walks = try values.decode(Int.self, forKey: .walks)
        mostWalks = try values.decodeIfPresent(Int.self, forKey: .mostWalks) ?? 0
        length = try values.decode(Int.self, forKey: .length)
        restart = try values.decode(Float.self, forKey: .restart)
        neighbours = try values.decode(Int.self, forKey: .neighbours)
        damping = try values.decode(Float.self, forKey: .damping)
    }
}
