extension Method {
    /// SERVICE/METHOD, as people write it: the service by its last name.
    package var name: String { "\(service.name)/\(rawValue)" }
}

extension Method.Service {
    /// Its last name; no two services share one.
    package var name: String {
        switch self {
        case .retrieval: "Retrieval"
        case .control: "Control"
        }
    }
}
