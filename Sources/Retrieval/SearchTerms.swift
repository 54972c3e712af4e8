package import Indexes
package import Vectors

/// What a search is asked for, besides its query.
package struct SearchTerms: Sendable {
    /// How many candidates are wanted, 1 to ``Generation/maximumK``.
    package var k: Int
    /// How much effort is made; nil for what reached the target recall of so many candidates when
    /// the generation was built.
    package var setting: SearchSetting?
    /// Which rows may be returned.
    package var filter: RowFilter
    /// The least score that a candidate may have.
    package var minimumScore: Float?
    /// When the search has to end with what it has found; nil for never.
    package var deadline: ContinuousClock.Instant?

    package init(
        k: Int,
        setting: SearchSetting? = nil,
        filter: RowFilter = RowFilter(),
        minimumScore: Float? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.k = k
        self.setting = setting
        self.filter = filter
        self.minimumScore = minimumScore
        self.deadline = deadline
    }

    /// Whether the time is over; the clock is looked at only where there is a deadline.
    package var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
}

/// What a search found.
package struct SearchResult: Sendable, Equatable {
    /// The best first.
    package var candidates: [Candidate]
    /// False where time ran out before as much was searched as was asked for.
    package var isComplete: Bool

    package init(candidates: [Candidate], isComplete: Bool) {
        self.candidates = candidates
        self.isComplete = isComplete
    }
}

extension SearchTerms {
    /// So many more are looked for, as the excluded row may be among the first.
    var room: Int { filter.excluded == nil ? 0 : 1 }

    /// Whether the filter leaves so few rows that all of them are compared.
    var leavesFewRows: Bool {
        filter.allowed.map { Searcher.comparesAll(of: $0.count) } ?? false
    }

    /// Removes those of `candidates`, which are in order, that are not near enough.
    func cut(_ candidates: inout [Candidate]) {
        guard let minimumScore else { return }
        while let last = candidates.last, last.score < minimumScore {
            candidates.removeLast()
        }
    }
}
