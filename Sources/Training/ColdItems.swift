/// The items that a batch shows as if they were new: without neighbourhood, identity and degree.
package struct ColdItems: Sendable {
    private let bound: UInt64
    private let key: UInt64

    /// No item at all.
    package static let none = ColdItems(share: 0, key: 0)

    init(share: Float, key: UInt64) {
        bound = UInt64(Double(share) * 0x1p64.nextDown)
        self.key = key | 1
    }

    func contains(_ item: Int) -> Bool {
        guard bound > 0 else { return false }
        var mixed = (UInt64(item) &+ key) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 32) &* key
        return (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9 < bound
    }
}
