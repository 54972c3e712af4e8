package import Graph

/// When walks find the neighbourhoods that training learns from; what they find is the same.
package enum NeighbourhoodSchedule: String, Codable, Sendable, CaseIterable {
    /// Those of all items at the beginning of an epoch: quicker, at 8 bytes of memory for each of an
    /// item's T neighbours.
    case epoch
    /// Those of a batch's items when it is made: walks again, and keeps nothing.
    case batch
}

/// Where neighbourhoods come from when they are asked for: from memory, or from walks.
package enum NeighbourhoodSource: Sendable {
    case kept(Neighbourhoods)
    case walked(Walker, settings: WalkSettings, seed: UInt64)

    /// A source of the neighbourhoods of `graph`; where they are for an epoch, it walks now.
    package init(
        of graph: Graph,
        settings: WalkSettings,
        seed: UInt64,
        when schedule: NeighbourhoodSchedule,
        threads: Int
    ) {
        let walker = Walker(on: graph, damping: settings.damping)
        self = .walked(walker, settings: settings, seed: seed)
        if schedule == .epoch {
            self = .kept(neighbourhoods(of: 0..<graph.itemCount, threads: threads))
        }
    }

    package var itemCount: Int {
        switch self {
        case .kept(let neighbourhoods): neighbourhoods.itemCount
        case .walked(let walker, _, _): walker.graph.itemCount
        }
    }

    /// The neighbourhoods of `items`, the k-th being that of the k-th item.
    package func neighbourhoods(
        of items: some RandomAccessCollection<Int> & Sendable,
        threads: Int
    ) -> Neighbourhoods {
        switch self {
        case .kept(let neighbourhoods):
            neighbourhoods.gather(items)
        case .walked(let walker, let settings, let seed):
            Neighbourhoods(
                of: items,
                with: walker,
                settings: settings,
                seed: seed,
                threads: threads
            )
        }
    }
}
