package import Graph
import Vectors

/// How neighbourhoods are found.
package struct WalkSettings: Codable, Sendable, Equatable {
    /// Walks from each item.
    package var walks = 200
    /// Steps of a walk that does not restart sooner.
    package var length = 3
    /// The chance, after each step, that the walk starts again at its item.
    package var restart: Float = 0.5
    /// T, the size of a neighbourhood.
    package var neighbours = 20
    /// How far frequent items are kept out of walks (see ``Walker``); 0 is the paper's walk.
    package var damping: Float = 0

    package init() {}
}

/// The neighbourhood N(u) of every item u: the T items that random walks from u visit most often,
/// with their importance.
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
    /// Every item has a random stream of its own, so the result depends on `seed` alone, not on
    /// `threads`.
    package init(of graph: Graph, settings: WalkSettings, seed: UInt64, threads: Int) {
        let walker = Walker(on: graph, damping: settings.damping)
        let parts = mapInParallel(over: graph.itemCount, threads: threads) { items in
            var part = Neighbourhoods()
            var counter = VisitCounter(itemCount: graph.itemCount)
            for item in items {
                if graph.items.degree(of: item) > 0 {
                    var generator = SeededGenerator(seed: seed, stream: UInt64(item))
                    counter.walk(from: item, with: walker, settings, using: &generator)
                    part.append(counter.takeMostVisited(settings.neighbours, except: item))
                } else {
                    part.append([])
                }
            }
            return part
        }
        self.init()
        for part in parts {
            let base = neighbours.count
            offsets += part.offsets.dropFirst().map { $0 + base }
            neighbours += part.neighbours
            importances += part.importances
        }
    }

    private init() {}

    private mutating func append(_ visits: [(item: UInt32, count: Int32)]) {
        let total = visits.reduce(0) { $0 + Float($1.count) }
        neighbours += visits.map(\.item)
        importances += visits.map { Float($0.count) / total }
        offsets.append(neighbours.count)
    }
}

/// Counts the visits of walks, in memory that is used again for every item.
struct VisitCounter {
    private var counts: [Int32]
    private var visited: [UInt32] = []

    init(itemCount: Int) {
        counts = [Int32](repeating: 0, count: itemCount)
    }

    mutating func walk(
        from item: Int,
        with walker: Walker,
        _ settings: WalkSettings,
        using generator: inout SeededGenerator
    ) {
        for _ in 0..<settings.walks {
            var place = item
            for _ in 0..<settings.length {
                place = walker.step(from: place, using: &generator)
                if counts[place] == 0 {
                    visited.append(UInt32(place))
                }
                counts[place] += 1
                guard generator.unit() >= settings.restart else { break }
            }
        }
    }

    /// The most visited items, most first and lower numbers first among equals; forgets all visits.
    mutating func takeMostVisited(
        _ limit: Int,
        except item: Int
    ) -> [(item: UInt32, count: Int32)] {
        let visits = visited.filter { $0 != item }.map { (item: $0, count: counts[Int($0)]) }
        for place in visited {
            counts[Int(place)] = 0
        }
        visited.removeAll(keepingCapacity: true)
        return visits.sorted { ($1.count, $0.item) < ($0.count, $1.item) }.prefix(limit).map(\.self)
    }
}
