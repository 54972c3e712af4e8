import Retrieval

/// A generation that is published and served, and the one before.
struct Publication: Sendable {
    let generation: GenerationManifest
    let previous: GenerationManifest?
}

/// The wish that another generation be published and served.
struct PublishOrder: Sendable {
    /// Whether to overlook that it finds less than the one that is served.
    let force: Bool
    /// Throws where nobody waits for it any longer.
    let checkIsWanted: @Sendable () throws -> Void
    /// The numbers to try, the best first.
    let candidates: @Sendable (GenerationFolder) throws -> [Int]
    /// Hears what has come of it.
    let done: @Sendable (Result<Publication, any Error>) -> Void
}
