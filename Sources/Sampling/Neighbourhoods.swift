package import Graph
import Vectors

/// The neighbourhood N(u) of items u: the T items that random walks from u visit most often, with
/// their importance.
///
/// Importance is the visit count divided by the sum of the counts of the neighbourhood, so each
/// item's importances sum to 1 (Ying and others, KDD 2018, section 3.2).
/// An item without edges has an empty neighbourhood; no item is its own neighbour.
package struct Neighbourhoods: Sendable, Equatable {
    /// Item u's neighbours lie at `offsets[u]..<offsets[u + 1]`, most visited first.
    package private(set) var offsets: [Int] = [0]
    package private(set) var neighbours: [UInt32] = []
    package private(set) var importances: [Float] = []

    package var itemCount: Int { offsets.count - 1 }

    package func range(of item: Int) -> Range<Int> {
        offsets[item]..<offsets[item + 1]
    }

    /// Walks from every item of `graph`.
    ///
    /// Every item has random numbers of its own, so its neighbourhood follows from the settings,
    /// `seed` and the item alone, not from `threads` or the other items.
    package init(of graph: Graph, settings: WalkSettings, seed: UInt64, threads: Int) {
        self.init(
            of: 0..<graph.itemCount,
            with: Walker(on: graph, damping: settings.damping),
            settings: settings,
            seed: seed,
            threads: threads
        )
    }

    /// Walks from `items` alone: the k-th neighbourhood is that of the k-th item, and has the bytes
    /// that it has among those of all items.
    ///
    /// `walker` must have the settings' damping; one serves for any number of calls.
    package init(
        of items: some RandomAccessCollection<Int> & Sendable,
        with walker: Walker,
        settings: WalkSettings,
        seed: UInt64,
        threads: Int
    ) {
        let graph = walker.graph
        let budget = WalkBudget(of: walker, least: settings.walks, most: settings.mostWalks)
        let parts = mapInParallel(over: items.count, threads: threads) { places in
            var part = Neighbourhoods()
            var walks = RestartWalks(
                with: walker,
                walks: max(settings.walks, settings.mostWalks),
                length: settings.length,
                restart: settings.restart
            )
            for place in places {
                let item = items[items.index(items.startIndex, offsetBy: place)]
                let degree = graph.items.degree(of: item)
                if degree > 0 {
                    let random = WalkRandom(seed: seed, stream: item)
                    walks.run(budget.walks(ofDegree: degree), from: item, random)
                    part.append(walks.visits.takeMostVisited(settings.neighbours, except: item))
                } else {
                    part.append([])
                }
            }
            return part
        }
        self.init()
        for part in parts {
            append(part)
        }
    }

    /// Those of no item.
    package init() {}

    /// Adds the neighbourhoods of more items.
    package mutating func append(_ others: Neighbourhoods) {
        let base = neighbours.count
        offsets += others.offsets.dropFirst().map { $0 + base }
        neighbours += others.neighbours
        importances += others.importances
    }

    /// The neighbourhoods of `items`, in their order.
    func gather(_ items: some RandomAccessCollection<Int>) -> Neighbourhoods {
        var gathered = Neighbourhoods()
        gathered.offsets.reserveCapacity(items.count + 1)
        for item in items {
            let range = range(of: item)
            gathered.neighbours += neighbours[range]
            gathered.importances += importances[range]
            gathered.offsets.append(gathered.neighbours.count)
        }
        return gathered
    }

    private mutating func append(_ visits: [Visits]) {
        let total = visits.reduce(0) { $0 + Float($1.count) }
        for visit in visits {
            neighbours.append(visit.item)
            importances.append(Float(visit.count) / total)
        }
        offsets.append(neighbours.count)
    }
}
