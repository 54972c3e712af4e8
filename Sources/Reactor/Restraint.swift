/// Tries something ever less often for as long as it is in vain.
struct Restraint {
    /// The most times that it is not tried.
    private static let longestRest = 63

    /// How often not to try after the last try in vain, and how much of that is to come.
    private var rest = 0
    private var restLeft = 0

    /// Whether to try now.
    mutating func allows() -> Bool {
        guard restLeft > 0 else { return true }
        restLeft -= 1
        return false
    }

    /// It was tried, and paid or not.
    mutating func tried(paid: Bool) {
        rest = paid ? 0 : min(2 * rest + 1, Self.longestRest)
        restLeft = rest
    }
}
