import Graph
package import Vectors

extension Walker {
    /// The items that walks from several items visit most: their company, best first.
    ///
    /// The walks are shared out by each item's weight and degree (see ``WalkBudget``). An item that
    /// is visited from several of them counts for more than one visited as often from a single one:
    /// its score is the square of the sum of the roots of its visits. Items of the query, and those
    /// without edges, are no company. The result follows from the arguments alone.
    ///
    /// Source: Eksombatchai and others, WWW 2018, section 3.1, equations 2 and 3; here the weighted
    /// shares are divided by their sum, so that there are `settings.walks` walks in all.
    package func company(
        of query: [(item: Int, weight: Float)],
        limit: Int,
        settings: WalkSettings,
        seed: UInt64
    ) -> [Candidate] {
        let sources = query.filter { graph.items.degree(of: $0.item) > 0 && $0.weight > 0 }
        let budget = WalkBudget(of: self, least: 0, most: settings.walks)
        let shares = sources.map { source in
            Double(source.weight) * budget.share(ofDegree: graph.items.degree(of: source.item))
        }
        let total = shares.reduce(0, +)
        guard total > 0 else { return [] }
        var walks = RestartWalks(
            with: self,
            walks: settings.walks,
            length: settings.length,
            restart: settings.restart
        )
        var roots: [UInt32: Float] = [:]
        for (source, share) in zip(sources, shares) {
            let count = max(1, Int(Double(settings.walks) * share / total))
            let random = WalkRandom(seed: seed, stream: source.item)
            walks.run(count, from: source.item, random)
            for visits in walks.visits.take(except: source.item) {
                roots[visits.item, default: 0] += Float(visits.count).squareRoot()
            }
        }
        for (item, _) in query {
            roots[UInt32(item)] = nil
        }
        var best = TopK(limit)
        for (item, root) in roots {
            best.insert(Candidate(row: Int(item), score: root * root))
        }
        return best.sorted
    }
}
