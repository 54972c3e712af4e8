import Retrieval
import Wire

extension RetrievalService {
    /// What is served, and how it came to that.
    func addGeneration(to text: inout MetricsText, _ stats: StatsResponse) {
        let generation = state.served?.generation
        text.add(
            "corkboard_serving",
            .gauge,
            "1 while searches are answered.",
            generation == nil ? 0 : 1
        )
        text.add(
            "corkboard_degraded",
            .gauge,
            "1 while the generation that was published last is not the one served.",
            state.trouble == nil ? 0 : 1
        )
        let swaps = [("done", stats.swaps.done), ("refused", stats.swaps.refused)]
        text.add(
            "corkboard_swaps_total",
            .counter,
            "Swaps to a generation, done or refused; each try counts, the start does not.",
            swaps.map { MetricsText.Sample(labels: [("outcome", $0.0)], value: Double($0.1)) }
        )
        guard let generation else { return }
        addFacts(to: &text, of: generation, since: stats.generationSeconds)
    }

    private func addFacts(
        to text: inout MetricsText,
        of generation: Generation,
        since seconds: Double
    ) {
        let facts: [(String, String, Double)] = [
            ("generation", "The number of the generation served.", Double(generation.number)),
            ("generation_age_seconds", "How long it has been served.", seconds),
            ("generation_items", "Its items.", Double(generation.count)),
            ("generation_bytes", "The size of its files.", Double(generation.fileBytes)),
            ("embedding_version", "What it was built from.", Double(generation.embeddingVersion)),
        ]
        for (name, help, value) in facts {
            text.add("corkboard_\(name)", .gauge, help, value)
        }
        let measured = generation.manifest.measured
        let labels = [("generation", "\(generation.number)"), ("k", "\(measured.k)")]
        text.add(
            "corkboard_measured_recall",
            .gauge,
            "Recall against exact search, measured before it was published.",
            [MetricsText.Sample(labels: labels, value: measured.recall)]
        )
    }

    /// What real searches find, where somebody looks.
    func addRecall(to text: inout MetricsText) {
        guard let recall = telemetry.recall, recall.share > 0 || !recall.estimates.isEmpty else {
            return
        }
        func add(
            _ name: String,
            _ kind: MetricsText.Kind,
            _ help: String,
            _ value: (RecallEstimate) -> Double
        ) {
            let samples = recall.estimates.map { estimate in
                MetricsText.Sample(
                    labels: [("generation", "\(estimate.generation)")],
                    value: value(estimate)
                )
            }
            text.add("corkboard_\(name)", kind, help, samples)
        }
        add("recall", .gauge, "What a share of the searches found, against exact search.", \.recall)
        add("recall_margin", .gauge, "Half the width of its 95 % interval.", \.margin)
        add("recall_queries_total", .counter, "How many queries that is of.") {
            Double($0.queries)
        }
        text.add(
            "corkboard_recall_dropped_total",
            .counter,
            "Queries that were drawn and not compared, for want of time or of their generation.",
            Double(recall.droppedCount)
        )
    }
}
