import Configuration

extension TrainingSettings {
    /// A setting that two runs do not share.
    struct Difference: Equatable {
        /// As it is written in a configuration, such as `walk.walks`.
        let name: String
        let value: String
        let other: String
    }

    /// Settings that decide how far a run goes and where it rests, not what a step does. (The last
    /// bits of a step may depend on the threads.)
    private static let openToChange: Set = [
        "epochs", "patience", "checkpoint_seconds", "threads", "prefetch", "neighbourhoods",
    ]

    /// The first setting, by name, because of which a run cannot go on where `other`'s stopped.
    func firstDifference(from other: TrainingSettings) throws -> Difference? {
        let (values, others) = try (WrittenSettings(self).values, WrittenSettings(other).values)
        return values.sorted { $0.key < $1.key }
            .map { Difference(name: $0.key, value: $0.value, other: others[$0.key] ?? "unset") }
            .first { $0.value != $0.other && !Self.openToChange.contains($0.name) }
    }
}
