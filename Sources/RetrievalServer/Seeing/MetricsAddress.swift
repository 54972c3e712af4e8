import NIOCore

/// Where metrics are asked for: a port that this machine alone can reach, or a Unix socket.
enum MetricsAddress: Sendable, Equatable {
    /// A loopback address.
    case port(SocketAddress)
    case socket(path: String)

    /// The address that the setting `metrics` names.
    ///
    /// A text with a slash is a path; all else is HOST:PORT, an IPv6 address in brackets.
    ///
    /// - Throws: ``RetrievalServerError`` of code `configuration` where it is neither, or where
    ///   other machines could reach it: metrics are not for strangers, and HTTP knows none.
    init(_ text: String) throws(RetrievalServerError) {
        guard !text.contains("/") else {
            self = .socket(path: text)
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        else {
            throw Self.refusal(of: text, "is no HOST:PORT and no path with a slash")
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        let ip = host == "localhost" ? "127.0.0.1" : host
        guard let address = try? SocketAddress(ipAddress: ip, port: port) else {
            throw Self.refusal(of: text, "names \(host), which is no IP address")
        }
        guard address.isLoopback else {
            throw Self.refusal(of: text, "could be reached from other machines")
        }
        self = .port(address)
    }

    private static func refusal(of text: String, _ reason: String) -> RetrievalServerError {
        RetrievalServerError(
            .configuration,
            "metrics is \(text), which \(reason); give a loopback address such as 127.0.0.1:9464, "
                + "or the path of a Unix socket"
        )
    }
}

extension SocketAddress {
    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1.
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") == true
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}
