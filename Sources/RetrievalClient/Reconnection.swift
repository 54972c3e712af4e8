/// How often, and how soon, a client tries to reach its server for one call.
///
/// Only a call that was not sent is tried again: what became of one that was, nobody knows.
package struct Reconnection: Sendable, Equatable {
    /// How often to connect for a call, 1 at the least.
    package var tries = 5
    /// The pause before the second try; each further one is twice as long.
    package var firstPause = Duration.milliseconds(20)
    package var longestPause = Duration.seconds(1)

    package init() {}

    /// The pause before try number `number`, counted from 1; nil where there is none.
    ///
    /// It is shortened by up to a half, by chance, for the clients of a server that comes back
    /// should not all knock at the same instant.
    func pause(
        before number: Int,
        chance: Double = .random(in: 0...1)
    ) -> Duration? {
        guard number > 1 else { return .zero }
        guard number <= tries else { return nil }
        // 2^30 pauses of a nanosecond are a second: more doublings than that help nobody.
        let doubled = firstPause * (1 << min(number - 2, 30))
        return min(doubled, longestPause) * (1 - chance / 2)
    }
}
