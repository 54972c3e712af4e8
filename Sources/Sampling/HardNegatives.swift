package import Graph
package import Vectors

/// Which items are hard negatives, and how they are found.
package struct HardNegativeSettings: Codable, Sendable, Equatable {
    /// The first rank of the band (0 is the nearest item), or below 1 a share of the catalogue.
    ///
    /// The paper's band, ranks 2000 to 5000 of two billion, would be the middle of a small catalogue.
    package var first: Double = 0.05
    /// The rank behind the last one of the band, or below 1 a share of the catalogue.
    package var last: Double = 0.2
    /// How many items of the band are kept for each item.
    package var kept = 64
    /// Walks from each item: enough that the items of the band are told apart.
    package var walks = 20_000
    /// Steps of a walk that does not restart sooner.
    package var length = 10
    /// The chance of a restart after each step.
    package var restart: Float = 0.5
    /// How far frequent items are kept out of walks (see ``Walker``).
    package var damping: Float = 0

    package init() {}

    /// The ranks of the band in a catalogue of `itemCount` items.
    package func ranks(among itemCount: Int) -> Range<Int> {
        func rank(_ place: Double) -> Int {
            let rank = place < 1 ? place * Double(itemCount) : place
            return Int(min(max(0, rank), Double(itemCount)))
        }
        return rank(first)..<max(rank(first), rank(last))
    }
}

/// Items that are somewhat like an item, but not like enough to be near it.
///
/// Random negatives are soon told from a query. An item in a middle band of the ranks by personalized
/// PageRank shares something with the query, and yet belongs elsewhere (Ying and others, KDD 2018,
/// section 3.3: ranks 2000 to 5000 of two billion). The ranks are those of many walks with restarts,
/// whose visits tend to personalized PageRank; items visited equally often are ranked by chance, by
/// another one for each query, so that no item is favoured for its number.
///
/// ```swift
/// let negatives = HardNegatives(of: graph, settings: settings, seed: 1, threads: 2)
/// if let item = negatives.draw(for: query, using: &generator) { ... }
/// ```
package struct HardNegatives: Sendable, Equatable {
    /// Query q's items lie at `offsets[q]..<offsets[q + 1]`.
    private var offsets: [Int] = [0]
    private var items: [UInt32] = []

    /// Walks from every item of `graph`; an item's band follows from the settings, `seed` and the
    /// item alone.
    ///
    /// - Complexity: O(items x walks) time; 4 bytes of memory for each item and kept negative.
    package init(of graph: Graph, settings: HardNegativeSettings, seed: UInt64, threads: Int) {
        let ranks = settings.ranks(among: graph.itemCount)
        let walker = Walker(on: graph, damping: settings.damping)
        let parts = mapInParallel(over: graph.itemCount, threads: threads) { queries in
            var part = HardNegatives()
            var walks = RestartWalks(
                with: walker,
                walks: settings.walks,
                length: settings.length,
                restart: settings.restart
            )
            for query in queries {
                if graph.items.degree(of: query) > 0 {
                    let random = WalkRandom(seed: seed, stream: query)
                    walks.run(settings.walks, from: query, random)
                    let visits = walks.visits.take(except: query)
                    var generator = SeededGenerator(seed: seed, stream: UInt64(query) | 1 << 63)
                    part.append(visits, ranks, settings.kept, using: &generator)
                }
                part.offsets.append(part.items.count)
            }
            return part
        }
        self.init()
        for part in parts {
            let base = items.count
            offsets += part.offsets.dropFirst().map { $0 + base }
            items += part.items
        }
    }

    private init() {}

    /// All items kept for `query`, each once, in no order.
    package func items(for query: Int) -> ArraySlice<UInt32> {
        items[offsets[query]..<offsets[query + 1]]
    }

    /// Any of the items kept for `query`, evenly; nil where its walks reach fewer items than lie
    /// before the band, so that no item is known to be in it.
    package func draw(for query: Int, using generator: inout SeededGenerator) -> Int? {
        let kept = items(for: query)
        guard !kept.isEmpty else { return nil }
        return Int(kept[kept.startIndex + generator.index(below: kept.count)])
    }

    /// Keeps `count` of the visited items whose ranks are `ranks`.
    private mutating func append(
        _ visits: [Visits],
        _ ranks: Range<Int>,
        _ count: Int,
        using generator: inout SeededGenerator
    ) {
        let band = ranks.clamped(to: 0..<visits.count)
        guard !band.isEmpty else { return }
        let shuffle = Shuffle(using: &generator)
        var orders = visits.map { UInt64($0.count) << 32 | UInt64(shuffle[$0.item]) }
        orders.moveLargest(band.upperBound)
        orders.removeLast(orders.count - band.upperBound)
        orders.moveLargest(band.lowerBound)
        for place in 0..<Swift.min(count, band.count) {
            let left = band.lowerBound + place
            orders.swapAt(left, left + generator.index(below: band.upperBound - left))
            items.append(shuffle.item(at: UInt32(truncatingIfNeeded: orders[left])))
        }
    }
}

/// A random order of all numbers of 32 bits, which needs no memory.
private struct Shuffle {
    private let key: UInt32
    private let factor: UInt32 = 0x9E37_79B1
    /// The number whose product with ``factor`` is 1.
    private let inverse: UInt32 = 0x0E8B_2F51

    init(using generator: inout SeededGenerator) {
        key = UInt32(truncatingIfNeeded: generator.next())
    }

    subscript(item: UInt32) -> UInt32 {
        (item ^ key) &* factor
    }

    func item(at place: UInt32) -> UInt32 {
        (place &* inverse) ^ key
    }
}
