import Vectors

/// Which edges an epoch predicts, and which its walks may take: the leak guard.
///
/// A pair whose own context lies in both items' walks is known before anything is learnt. So each
/// epoch sets a share of the edges aside, by a hash of their position: its pairs lead to items of
/// those edges, its walks take the others, as it will be with edges that nobody has seen yet.
package struct EdgeSplit: Sendable, Equatable {
    private let aside: RandomShare

    /// Sets no edge aside.
    package static let none = EdgeSplit(aside: .none)

    private init(aside: RandomShare) {
        self.aside = aside
    }

    /// Sets a share of the edges aside, 0..<1; with 0 walks take every edge, and pairs lead to any.
    package init(share: Float, seed: UInt64, epoch: Int) {
        var generator = SeededGenerator(seed: seed, stream: 1 << 61 + UInt64(epoch))
        aside = RandomShare(share, key: generator.next())
    }

    /// Whether any edge is set aside.
    package var isEmpty: Bool { aside.isEmpty }

    /// Whether the edge at `position` of the graph's contexts is set aside.
    package func setsAside(_ position: Int) -> Bool {
        aside.contains(position)
    }
}
