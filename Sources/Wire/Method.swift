/// A method that the server knows.
package enum Method: String, Sendable, CaseIterable {
    case search = "Search"
    case related = "Related"
    case recommend = "Recommend"
    case get = "Get"
    case info = "Info"
    case health = "Health"
    case stats = "Stats"
    case generations = "Generations"
    case publish = "Publish"
    case rollback = "Rollback"
    case rebuild = "Rebuild"
    case cancel = "Cancel"

    /// What methods belong to; no two services have a method of one name.
    package enum Service: String, Sendable, CaseIterable {
        case retrieval = "corkboard.v1.Retrieval"
        case control = "corkboard.v1.Control"
    }

    /// The method of a request's `service` and `method`.
    ///
    /// - Throws: ``CallError`` of code `unimplemented`, the service being looked at first.
    package init(service: String, method: String) throws(CallError) {
        guard let service = Service(rawValue: service) else { throw .unknownService(service) }
        guard let known = Self(rawValue: method), known.service == service else {
            throw .unknownMethod(method)
        }
        self = known
    }

    package var service: Service {
        switch self {
        case .search, .related, .recommend, .get, .info, .health, .stats, .generations: .retrieval
        case .publish, .rollback, .rebuild, .cancel: .control
        }
    }

    /// Whether it is answered by a stream of messages; all others are unary.
    package var isStreaming: Bool { self == .rebuild }

    /// Whether it changes what is served, which is for administrators.
    package var isAdministrative: Bool {
        service == .control && self != .cancel
    }
}
