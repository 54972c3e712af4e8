import Foundation

extension GenerationFolder {
    /// What to do where it is not known which generation to serve, or that one cannot be; best where
    /// `number` is known to be a way out.
    package static func advice(_ number: Int? = nil) -> String {
        "say which to serve: corkboard publish \(number.map(String.init) ?? "N")"
    }

    /// What is wrong with `CURRENT`, and what to do; nil where it names one of the sound generations
    /// of `listing`, and where nothing is published.
    package func trouble(_ listing: Listing) -> String? {
        do {
            guard let current = try current(),
                !listing.manifests.contains(where: { $0.generation == current })
            else { return nil }
            let isThere = listing.damaged.contains { $0.number == current }
            return "\(currentFile.path) names generation \(current), which "
                + "\(isThere ? "cannot be served" : "is not there"); "
                + Self.advice(try substitutes().first)
        } catch {
            return error.description
        }
    }
}
