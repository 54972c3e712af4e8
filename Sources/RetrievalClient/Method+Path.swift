import Wire

extension Method {
    /// The method of a path such as `Retrieval/Search` or `/corkboard.v1.Retrieval/Search`.
    init(path: String) throws(RetrievalClientError) {
        let names = path.split(separator: "/").map(String.init)
        let known = Self.allCases.first { method in
            names == [method.service.rawValue, method.rawValue]
                || names == [method.service.name, method.rawValue]
        }
        guard let known else {
            let all = Self.allCases.map(\.name).joined(separator: ", ")
            throw RetrievalClientError(
                .unimplemented,
                "there is no method \(path); there are \(all)"
            )
        }
        self = known
    }
}
