/// The methods of the service `corkboard.v1.Retrieval`; all are unary.
package enum RetrievalMethod: String, Sendable, CaseIterable {
    case search = "Search"
    case related = "Related"
    case get = "Get"
    case info = "Info"
    case health = "Health"

    package static let service = "corkboard.v1.Retrieval"

    /// The method of a request's `service` and `method`.
    ///
    /// - Throws: ``CallError`` of code `unimplemented`, the service being looked at first.
    package init(service: String, method: String) throws(CallError) {
        guard service == Self.service else { throw .unknownService(service) }
        guard let known = Self(rawValue: method) else { throw .unknownMethod(method) }
        self = known
    }
}
