import Foundation

extension ListeningSocket {
    /// The names under which a service manager may pass the socket, where it passes several.
    private static let names = ["corkboardd", "corkboardd.socket"]

    /// The socket that was passed to this process; nil where none was.
    ///
    /// - Throws: ``RetrievalServerError`` of code `configuration` where it is not one socket, or not
    ///   one to serve on.
    static func passed(
        by environment: ServiceEnvironment
    ) throws(RetrievalServerError) -> ListeningSocket? {
        let passed = environment.passedSockets
        guard !passed.isEmpty else { return nil }
        let fitting = passed.indices.filter { passed.count == 1 || names.contains(passed[$0]) }
        guard fitting.count == 1 else {
            throw RetrievalServerError(
                .configuration,
                "\(passed.count) sockets were passed, of which \(fitting.count) are named "
                    + "corkboardd; pass one, or set FileDescriptorName of the one to serve on"
            )
        }
        let descriptor = ServiceEnvironment.firstDescriptor + Int32(fitting[0])
        return ListeningSocket(passed: descriptor, at: try checkedPath(of: descriptor))
    }

    /// The path of a listening Unix stream socket.
    private static func checkedPath(of descriptor: Int32) throws(RetrievalServerError) -> String {
        func refusal(_ reason: String) -> RetrievalServerError {
            RetrievalServerError(
                .configuration,
                "the descriptor \(descriptor) that was passed \(reason); pass a Unix stream socket "
                    + "with a path that listens (ListenStream=/PATH)"
            )
        }
        guard option(SO_DOMAIN, of: descriptor) == AF_UNIX else {
            throw refusal("is no Unix socket")
        }
        guard option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue) else {
            throw refusal("is no stream socket")
        }
        guard option(SO_ACCEPTCONN, of: descriptor) == 1 else { throw refusal("does not listen") }
        // An abstract socket has no permissions, and a whole network namespace reaches it.
        guard let path = path(of: descriptor) else { throw refusal("has no path") }
        return path
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &size)
        return result == 0 ? value : nil
    }

    /// The path that a Unix socket is bound to; nil where it has none.
    private static func path(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(descriptor, pointer, &size)
            }
        }
        guard result == 0 else { return nil }
        let bytes = unsafe withUnsafeBytes(of: &address.sun_path) { bytes in
            unsafe Array(bytes.prefix { $0 != 0 })
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }
}
