import Graph
import Vectors

/// Walks of a fixed number of hops, with every place they came to: the sentences of a word2vec-like
/// model, or an export for other tools.
///
/// ```swift
/// let walks = Walks(on: Walker(on: graph), from: [0, 0, 1], hops: 4, seed: 1, threads: 2)
/// walks.places(of: 2)  // item 1, a context, an item, a context, an item
/// ```
package struct Walks: Sendable, Equatable {
    /// What stands for the places of a walk whose item has no edge, but its first.
    package static let nowhere = UInt32.max

    package let hops: Int
    /// All walks' places, one walk after the other: the item it starts from, and one for each hop.
    package let places: [UInt32]

    package var count: Int { places.count / (hops + 1) }

    package func places(of walk: Int) -> ArraySlice<UInt32> {
        places[walk * (hops + 1)..<(walk + 1) * (hops + 1)]
    }

    /// Takes one walk from each of `items`, which may be named repeatedly.
    ///
    /// A hop leads from an item to a context or from a context to an item. A walk follows from
    /// `seed`, its item and its number alone.
    package init(
        on walker: Walker,
        from items: [Int],
        hops: Int,
        seed: UInt64,
        threads: Int
    ) {
        precondition(hops >= 0, "a walk has no hop or more")
        self.hops = hops
        let random = WalkRandom(seed: seed, stream: 0)
        places = fill(walks: items.count, length: hops + 1, threads: threads) { walks, places in
            var batch = WalkBatch()
            let toContexts = walker.toContexts
            let toItems = walker.toItems
            // The walks that can hop, by their place among `walks`.
            var moving: [Int] = []
            for first in stride(from: walks.lowerBound, to: walks.upperBound, by: WalkBatch.size) {
                moving.removeAll(keepingCapacity: true)
                for walk in first..<min(first + WalkBatch.size, walks.upperBound) {
                    places[(walk - walks.lowerBound) * (hops + 1)] = UInt32(items[walk])
                    if walker.graph.items.degree(of: items[walk]) > 0 {
                        moving.append(walk)
                    }
                }
                batch.begin(moving.count) { lane in
                    (UInt32(items[moving[lane]]), random.advanced(by: moving[lane] * hops))
                }
                for hop in 0..<hops {
                    if hop.isMultiple(of: 2) {
                        batch.move(by: toContexts)
                    } else {
                        batch.move(by: toItems)
                    }
                    for lane in 0..<batch.count {
                        let walk = moving[lane] - walks.lowerBound
                        places[walk * (hops + 1) + hop + 1] = batch.places[lane]
                    }
                }
            }
        }
    }
}

/// An array of `walks` x `length` places, each nowhere until `body` changes it; `body` is given ranges
/// of walks, each by one of up to `threads` threads, with their places.
private func fill(
    walks: Int,
    length: Int,
    threads: Int,
    _ body: @Sendable (_ walks: Range<Int>, _ places: inout MutableSpan<UInt32>) -> Void
) -> [UInt32] {
    unsafe [UInt32](unsafeUninitializedCapacity: walks * length) { buffer, count in
        // Each walk is one thread's alone, and every walk is someone's.
        nonisolated(unsafe) let buffer = unsafe buffer
        _ = mapInParallel(over: walks, threads: threads) { walks in
            let range = walks.lowerBound * length..<walks.upperBound * length
            let part = unsafe buffer.extracting(range)
            unsafe part.initialize(repeating: Walks.nowhere)
            var places = unsafe MutableSpan(_unsafeElements: part)
            body(walks, &places)
        }
        count = walks * length
    }
}
