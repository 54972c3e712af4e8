/// Counts visits, in memory that is used again for every item.
///
/// The counts of few visits lie in a hash table, which stays in the nearest cache whatever the size
/// of the catalogue; those of many lie in a table of all items.
struct VisitCounter {
    /// Item x 2^32 + count, or 0 where a slot is free: found by the item's hash, and then the next
    /// one that is free or the item's.
    private var slots: [UInt64]
    /// The slots in use, in the order of first visits.
    private var used: [Int] = []
    /// Turns a hash into a slot; 0 where each item has the slot of its number.
    private let shift: UInt64

    /// Ready for up to `visits` of items below `itemCount` before they are taken.
    init(visits: Int, itemCount: Int) {
        let bits = max(4, Int.bitWidth - visits.leadingZeroBitCount + 1)
        let isSmall = bits < 32 && 1 << bits < itemCount
        slots = [UInt64](repeating: 0, count: isSmall ? 1 << bits : itemCount)
        shift = isSmall ? UInt64(64 - bits) : 0
        used.reserveCapacity(min(visits, itemCount))
    }

    mutating func count(_ items: ArraySlice<UInt32>) {
        let mask = slots.count - 1
        for item in items {
            var slot =
                shift == 0
                ? Int(item)
                : Int(truncatingIfNeeded: (UInt64(item) &* 0x9E37_79B9_7F4A_7C15) >> shift)
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

    /// All items but `item` with their visits, in the order of first visits; forgets them.
    mutating func take(except item: Int) -> [Visits] {
        var visits: [Visits] = []
        visits.reserveCapacity(used.count)
        for slot in used {
            let found = Visits(order: slots[slot] << 32 | (~slots[slot] >> 32))
            slots[slot] = 0
            if found.item != UInt32(item) {
                visits.append(found)
            }
        }
        used.removeAll(keepingCapacity: true)
        return visits
    }

    /// The most visited items, most first and lower numbers first among equals; forgets all visits.
    mutating func takeMostVisited(_ limit: Int, except item: Int) -> [Visits] {
        var orders = take(except: item).map(\.order)
        orders.moveLargest(limit)
        orders.removeLast(max(0, orders.count - limit))
        orders.sort(by: >)
        return orders.map(Visits.init)
    }
}

/// An item, and how often it was visited.
struct Visits: Sendable, Equatable {
    /// Count x 2^32 + all ones - item: larger is more visited, or of a lower number among equals.
    let order: UInt64

    var item: UInt32 { ~UInt32(truncatingIfNeeded: order) }
    var count: Int { Int(order >> 32) }
}
