/// How long a call may take, counted from now.
struct CallTime: Sendable {
    /// What its caller granted, for messages.
    let whole: Duration
    private let end: ContinuousClock.Instant

    init(_ whole: Duration) {
        self.whole = whole
        end = .now + whole
    }

    /// What is left of it; not above zero where it has passed.
    var left: Duration { end - .now }
}
