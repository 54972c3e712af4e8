import Vectors

/// Which of some queries are to be compared.
struct RecallDraw: Sendable {
    /// The number of the first of them, among all that ever were.
    let first: Int
    let share: RandomShare

    /// Whether the query at this place is.
    func contains(_ place: Int) -> Bool {
        share.contains(first &+ place)
    }
}
