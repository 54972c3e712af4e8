/// Counts visits, in memory that is used again for every item.
///
/// The counts lie in a hash table that is sized by the visits, not by the catalogue, so that it
/// stays in the nearest cache.
struct VisitCounter {
    /// Item x 2^32 + count, or 0 where a slot is free; found by the item's hash, then the next free.
    private var slots: [UInt64]
    /// The slots in use, in the order of first visits.
    private var used: [Int] = []
    private let shift: UInt64

    /// Ready for up to `visits` different items before they are taken.
    init(visits: Int) {
        let bits = max(4, Int.bitWidth - visits.leadingZeroBitCount + 1)
        slots = [UInt64](repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
        used.reserveCapacity(visits)
    }

    mutating func count(_ items: ArraySlice<UInt32>) {
        let mask = slots.count - 1
        for item in items {
            var slot = Int(truncatingIfNeeded: (UInt64(item) &* 0x9E37_79B9_7F4A_7C15) >> shift)
            while slots[slot] != 0, slots[slot] >> 32 != UInt64(item) {
                slot = (slot + 1) & mask
            }
            if slots[slot] == 0 {
                slots[slot] = UInt64(item) << 32
                used.append(slot)
            }
            slots[slot] += 1
        }
    }

    /// The most visited items, most first and lower numbers first among equals; forgets all visits.
    mutating func takeMostVisited(_ limit: Int, except item: Int) -> [Visits] {
        var visits: [Visits] = []
        visits.reserveCapacity(used.count)
        for slot in used {
            let found = Visits(slot: slots[slot])
            slots[slot] = 0
            if found.item != UInt32(item) {
                visits.append(found)
            }
        }
        used.removeAll(keepingCapacity: true)
        visits.moveFirst(limit)
        visits.removeLast(max(0, visits.count - limit))
        visits.sort { $0.order > $1.order }
        return visits
    }
}

/// An item, and how often it was visited.
struct Visits: Sendable, Equatable {
    /// Count x 2^32 + all ones - item: larger is more visited, or of a lower number among equals.
    let order: UInt64

    fileprivate init(slot: UInt64) {
        order = slot << 32 | (~slot >> 32)
    }

    var item: UInt32 { ~UInt32(truncatingIfNeeded: order) }
    var count: Int { Int(order >> 32) }
}

extension [Visits] {
    /// Brings the `limit` visits of the highest order to the front, in any order.
    ///
    /// Most visits lie outside a neighbourhood and need not be sorted. Source: C. A. R. Hoare,
    /// "Algorithm 65: Find", CACM 1961.
    fileprivate mutating func moveFirst(_ limit: Int) {
        var (low, high) = (0, count - 1)
        while low < high, limit > low, limit <= high {
            let pivot = self[low + (high - low) / 2].order
            var (left, right) = (low, high)
            while left <= right {
                while self[left].order > pivot { left += 1 }
                while self[right].order < pivot { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if limit <= right + 1 {
                high = right
            } else if limit >= left {
                low = left
            } else {
                return
            }
        }
    }
}
