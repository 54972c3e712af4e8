import Evaluation
import Foundation
import Graph
import PinSage
import Vectors

/// What is kept out of training to see how well it goes: items as if they were new, and edges.
struct Validation {
    /// What training learns from.
    let graph: Graph
    /// Items that training sees without any edge.
    let newItems: [Int]

    /// Whether anything was kept out that can be asked for.
    var asks: Bool { !known.pairs.isEmpty || !new.pairs.isEmpty }

    /// What is asked of items that training knows, and of new ones.
    private let (known, new): (Questions, Questions)
    /// The items that are ranked: all that have an edge in the whole graph, but for the new ones.
    private let candidates: [Int]

    /// Takes out new items, then edges; graphs are written to `file`, and beside it.
    init(of graph: Graph, settings: TrainingSettings, file: URL) throws {
        let new = try NewItemSplit(
            of: graph,
            count: settings.validationItems,
            seed: settings.seed,
            file: file.appendingPathExtension("known")
        )
        let held = try ValidationSplit(
            of: new.graph,
            count: settings.validation,
            sample: settings.contextSample,
            seed: settings.seed,
            file: file
        )
        self.graph = held.graph
        known = Questions(pairs: held.pairs, contexts: held.contexts)
        self.new = Questions(pairs: new.pairs, contexts: new.contexts)
        newItems = new.items
        let isNew = Set(new.items)
        candidates = graph.connectedItems.filter { !isNew.contains($0) }
    }

    /// How `vectors`, a row for each item, answer what was kept out; nil where nothing was.
    func callAsFunction(_ vectors: Matrix, threads: Int) -> ValidationReport? {
        guard asks else { return nil }
        func find(_ pairs: [Pair]) -> PairReport? {
            pairs.isEmpty
                ? nil
                : evaluatePairs(
                    pairs,
                    vectors: vectors,
                    metric: .innerProduct,
                    candidates: candidates,
                    threads: threads
                )
        }
        func find(_ queries: [ContextQuery], among items: [Int], _ map: Matrix?) -> ContextReport? {
            queries.isEmpty
                ? nil
                : evaluateContexts(
                    queries,
                    vectors: vectors,
                    metric: .innerProduct,
                    candidates: items,
                    contextMap: map,
                    threads: threads
                )
        }
        let (pairs, newPairs) = (find(known.pairs), find(new.pairs))
        let tried = contextStrengths.map { strength in
            let map = whitening(vectors, rows: candidates, strength: strength)
            return ValidationReport(
                pairs: pairs,
                contexts: find(known.contexts, among: candidates, map),
                newItems: newPairs.flatMap { pairs in
                    find(new.contexts, among: newItems, map).map {
                        ValidationReport.NewItems(pairs: pairs, contexts: $0)
                    }
                },
                contextStrength: strength
            )
        }
        // The strength that asks best goes with the embeddings.
        return tried.max { $0.decisiveRecall < $1.decisiveRecall }
    }
}

/// Pairs and contexts whose answers are known.
private struct Questions {
    let pairs: [Pair]
    let contexts: [ContextQuery]
}
