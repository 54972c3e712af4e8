import Wire

extension Method {
    /// The method of a path such as `Retrieval/Search` or `/corkboard.v1.Retrieval/Search`.
    init(path: String) throws(RetrievalClientError) {
        let names = path.split(separator: "/").map(String.init)
        let known = Self.allCases.first { method in
            names == [method.service.rawValue, method.rawValue]
                || names == [method.service.shortName, method.rawValue]
        }
        guard let known else {
            let all = Self.allCases.map { "\($0.service.shortName)/\($0.rawValue)" }
            throw RetrievalClientError(
                .unimplemented,
                "there is no method \(path); there are \(all.joined(separator: ", "))"
            )
        }
        self = known
    }
}

extension Method.Service {
    /// Its last name.
    fileprivate var shortName: String {
        rawValue.split(separator: ".").last.map(String.init) ?? rawValue
    }
}
