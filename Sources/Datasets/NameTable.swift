/// Names and their indexes, in the order in which they first appeared.
///
/// A hash table over bytes, because most names come many times and only the first time needs a
/// `String`. Two spellings that Swift holds to be one text (é, and e with an accent) are one name.
struct NameTable: ~Copyable {
    private(set) var names: [String] = []
    /// The bytes of every spelling, one behind the other; spelling s ends at `ends[s]`.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// The index of the name that each spelling spells.
    private var spelled: [UInt32] = []
    /// Spelling + 1 in the slot where its hash leads, or the next free one; 0 where it is free.
    private var slots = [UInt32](repeating: 0, count: 1024)
    /// Names that are not ASCII, which alone can have several spellings.
    private var composed: [String: UInt32] = [:]

    /// The index of a name; nil where its bytes are not UTF-8.
    mutating func index(of name: Span<UInt8>) -> UInt32? {
        var slot = slot(of: name)
        while slots[slot] > 0 {
            let spelling = Int(slots[slot] - 1)
            if spells(spelling, name) { return spelled[spelling] }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard let text = String(name), let next = UInt32(exactly: ends.count + 1) else {
            return nil
        }
        slots[slot] = next
        let index = newIndex(of: text)
        spelled.append(index)
        for position in name.indices {
            bytes.append(name[position])
        }
        ends.append(bytes.count)
        if 2 * ends.count > slots.count { grow() }
        return index
    }

    private mutating func newIndex(of text: String) -> UInt32 {
        let index = UInt32(names.count)
        if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            if let known = composed[text] { return known }
            composed[text] = index
        }
        names.append(text)
        return index
    }

    private func spells(_ spelling: Int, _ name: Span<UInt8>) -> Bool {
        let start = spelling == 0 ? 0 : ends[spelling - 1]
        guard ends[spelling] - start == name.count else { return false }
        for position in name.indices where bytes[start + position] != name[position] {
            return false
        }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: 2 * slots.count)
        var start = 0
        for (spelling, end) in ends.enumerated() {
            var slot = slot(of: bytes.span.extracting(start..<end))
            while slots[slot] > 0 {
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = UInt32(spelling + 1)
            start = end
        }
    }

    /// The slot where the search for a name begins: FNV-1a of its bytes, folded.
    private func slot(of name: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for position in name.indices {
            hash = (hash ^ UInt64(name[position])) &* 0x100_0000_01B3
        }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    }
}
