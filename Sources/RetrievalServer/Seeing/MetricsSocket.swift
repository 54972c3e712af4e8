import Foundation
import NIOCore

/// The socket at which metrics are asked for; it listens from the start, so that an address which
/// cannot be had is heard of before anything is served.
struct MetricsSocket: Sendable {
    /// The socket itself; whoever serves it closes it.
    let descriptor: Int32
    /// Where it listens: the path that was asked for, or HOST:PORT; of a port 0, the one that the
    /// system chose.
    let name: String
    /// The port, where it is one.
    let port: Int?
    private let file: ListeningSocket?

    /// - Throws: ``RetrievalServerError``, which names the setting `metrics`.
    init(at address: MetricsAddress) throws(RetrievalServerError) {
        switch address {
        case .port(let address):
            let listening = try ListeningPort(at: address)
            descriptor = listening.descriptor
            name = listening.name
            port = listening.address.port
            file = nil
        case .socket(let path):
            let listening = try ListeningSocket(path: path, setting: "metrics")
            descriptor = listening.descriptor
            name = path
            port = nil
            file = listening
        }
    }

    /// Takes its file, if it has one, out of its folder.
    func release() {
        file?.release()
    }
}
