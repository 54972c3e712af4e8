/// When to try again what has failed: after pauses that double, up to a minute.
struct RetryPlan: Sendable {
    private static let longestPause = Duration.seconds(60)

    private let firstPause: Duration
    private var pause: Duration
    private var due: ContinuousClock.Instant?

    init(firstPause: Duration) {
        self.firstPause = firstPause
        pause = firstPause
    }

    func isDue(at now: ContinuousClock.Instant) -> Bool {
        due.map { now >= $0 } ?? false
    }

    /// Plans another try.
    mutating func failed(at now: ContinuousClock.Instant) {
        due = now + pause
        pause = min(pause * 2, max(Self.longestPause, firstPause))
    }

    /// Plans none: it has succeeded, or something else is to be tried.
    mutating func forget() {
        due = nil
        pause = firstPause
    }
}
