import Retrieval

/// Keeps a generation out of service that finds clearly less than the one that is served.
struct RecallGate: Sendable {
    /// How much recall may be lost.
    ///
    /// 0.02 lets .99 become .97; at 1 everything passes.
    let allowedLoss: Double

    /// - Throws: ``RetrievalServerError`` of code `worse` where `next` was measured to have lost
    ///   more than is allowed, margins of both measurements granted.
    func check(
        _ next: GenerationManifest,
        against served: GenerationManifest
    ) throws(RetrievalServerError) {
        let (old, new) = (served.measured, next.measured)
        let margin = Self.margin(of: old) + Self.margin(of: new)
        guard new.recall < old.recall - allowedLoss - margin else { return }
        throw RetrievalServerError(
            .worse,
            "generation \(next.generation) has recall@\(new.k) \(new.recall), but generation "
                + "\(served.generation), which is served, has recall@\(old.k) \(old.recall), and "
                + "recall_loss allows to lose \(allowedLoss); build it with a higher "
                + "--target-recall, or serve it all the same: corkboard call Control/Publish "
                + "'{\"generation\": \(next.generation), \"force\": true}'"
        )
    }

    /// Half the width of the 95 % interval of the setting that is the default.
    private static func margin(of measured: GenerationManifest.Measured) -> Double {
        measured.curve.first { $0.recall == measured.recall }?.margin ?? 0
    }
}
