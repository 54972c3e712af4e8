import Indexes
import Retrieval
import Wire

/// What requests for a search have in common.
protocol SearchQuestion {
    var k: UInt32 { get }
    var effort: UInt32 { get }
    var recall: Float { get }
    var hasFilter: Bool { get }
    var filter: Filter { get }
    var minGeneration: UInt64 { get }
}

extension SearchRequest: SearchQuestion {}
extension RelatedRequest: SearchQuestion {}
extension RecommendRequest: SearchQuestion {}

/// What a search is asked for besides its queries, checked.
struct SearchDemand: Sendable {
    let k: Int
    let aim: SearchAim
    /// Which items may be returned; nil for all.
    private let filter: Filter?

    /// Whether some items may not be returned, or not with any score.
    var isFiltered: Bool { filter != nil }

    init(
        _ request: some SearchQuestion,
        queries: Int,
        of generation: Generation
    ) throws(CallError) {
        guard UInt64(clamping: generation.number) >= request.minGeneration else {
            throw CallError(
                .failedPrecondition,
                "generation \(request.minGeneration) is asked for, but \(generation.number) is "
                    + "served; publish it, or wait until it is loaded"
            )
        }
        k = try Limits.check(k: request.k, queries: queries, items: generation.count)
        aim = try Self.aim(effort: request.effort, recall: request.recall)
        filter = request.hasFilter ? request.filter : nil
        if let filter {
            try Limits.check(filter)
        }
    }

    private static func aim(effort: UInt32, recall: Float) throws(CallError) -> SearchAim {
        guard recall != 0 else { return effort == 0 ? .tuned : .effort(Int(effort)) }
        guard recall > 0, recall <= 1 else {
            throw CallError(
                .invalidArgument,
                "recall = \(recall) is not above 0 and at most 1; 0 stands for the default"
            )
        }
        guard effort == 0 else {
            throw CallError(
                .invalidArgument,
                "effort = \(effort) and recall = \(recall) exclude each other; give one of them"
            )
        }
        // Not 0.8999999761581421, which is what a float calls 0.9, and which less effort may reach.
        return .recall(Double("\(recall)") ?? Double(recall))
    }

    /// The terms of a search of `generation`, and what it is going to do; looks up the filter's
    /// ids.
    func terms(in generation: Generation) -> (terms: SearchTerms, plan: SearchPlan) {
        let allow = filter?.allowedIDs.map { generation.rows(ofIDs: $0) }
        let deny = filter?.deniedIDs.map { generation.rows(ofIDs: $0) }
        let rows = RowFilter(allowed: allow, denied: deny)
        let plan = generation.plan(aim, k: k, allowed: rows.allowed?.count)
        let least = filter.flatMap { $0.hasMinScore ? $0.minScore : nil }
        return (SearchTerms(k: k, setting: plan.setting, filter: rows, minimumScore: least), plan)
    }

    /// How much work `queries` of it are, as far as that can be told without looking up any id.
    func work(queries: Int, in generation: Generation) -> Int {
        let work = SearchWork(generation.manifest)
        guard let filter, filter.allowedIDs != nil || filter.deniedIDs != nil else {
            return queries * work.ofQuery(k: k, plan: generation.plan(aim, k: k))
        }
        let denied = filter.deniedIDs?.count ?? 0
        let most = min(filter.allowedIDs?.count ?? generation.count, generation.count)
        let allowed = max(0, most - denied)
        let plan = generation.plan(aim, k: k, allowed: allowed)
        return work.ofFilter(ids: denied + (filter.allowedIDs?.count ?? 0))
            + queries * work.ofQuery(k: k, plan: plan, allowed: allowed)
    }
}

extension Filter {
    fileprivate var allowedIDs: [String]? { hasAllow ? allow.itemIds : nil }
    /// Nil where none are.
    fileprivate var deniedIDs: [String]? { deny.itemIds.isEmpty ? nil : deny.itemIds }
}
