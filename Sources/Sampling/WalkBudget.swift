import RealModule

/// How many walks start from an item, by its degree.
///
/// An item of many contexts needs more walks to tell them apart, but not in proportion. Pixie gives
/// an item of degree d a share of d (C - log d), where C is the graph's highest degree.
///
/// Source: Eksombatchai and others, WWW 2018, section 3.1, equation 1.
struct WalkBudget: Sendable {
    private let least: Int
    private let most: Int
    private let highestDegree: Double

    init(of walker: Walker, least: Int, most: Int) {
        self.least = least
        self.most = most
        highestDegree = Double(walker.highestDegree)
    }

    /// The walks of an item of `degree`: the least number times the item's share, measured in that
    /// of an item of degree 1, and at most `most`.
    func walks(ofDegree degree: Int) -> Int {
        guard most > least, degree > 1 else { return least }
        let share = share(ofDegree: degree) / share(ofDegree: 1)
        return Int(min(Double(most), max(Double(least), Double(least) * share)))
    }

    /// Pixie's s: the share of an item of `degree`, which is at least 1.
    func share(ofDegree degree: Int) -> Double {
        Double(degree) * (highestDegree - Double.log(Double(degree)))
    }
}
