import Graph

extension Checkpoint {
    private func refusal(_ reason: String, _ nextStep: String) -> TrainingError {
        TrainingError("the checkpoint \(reason), so the run cannot go on; \(nextStep)")
    }

    /// Refuses to go on under other settings, or on another catalogue.
    func requireSame(_ settings: TrainingSettings, _ catalogue: TrainingRun.Catalogue) throws {
        let again = "import that graph again, or train without --resume"
        guard graph == catalogue.graph.checksum else {
            throw refusal(
                "is of the graph \(graph.hexadecimal), this one is "
                    + catalogue.graph.checksum.hexadecimal,
                again
            )
        }
        guard itemIDs == catalogue.ids else {
            throw refusal("is of items with other ids", again)
        }
        if let difference = try settings.firstDifference(from: self.settings) {
            throw refusal(
                "was made with \(difference.name)=\(difference.other), not \(difference.value)",
                "leave \(difference.name) as it was, or train without --resume"
            )
        }
        guard settings.epochs >= status.epoch else {
            throw refusal(
                "is in epoch \(status.epoch) already, past epochs=\(settings.epochs)",
                "ask for more epochs"
            )
        }
        guard optimiser != nil else {
            throw refusal(
                "holds a model without its optimiser",
                "resume from last.safetensors, or train without --resume"
            )
        }
    }

    /// Refuses to go on where items have other words or fields.
    func requireSame(_ hasher: FeatureHasher) throws {
        guard hasher == self.hasher else {
            throw refusal(
                "is of items with other words or fields",
                "import those again, or train without --resume"
            )
        }
    }
}
