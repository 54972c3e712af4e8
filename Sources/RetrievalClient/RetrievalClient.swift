package import Foundation
package import NIOCore
import NIOPosix
import Synchronization
import Wire

/// A client of corkboardd: one connection, any number of calls in flight on it.
///
/// ```swift
/// let client = RetrievalClient(socket: "corkboard.d/corkboardd.sock")
/// let answer = try await client.related(itemIDs: ["nginx"], k: 10)
/// await client.close()
/// ```
///
/// It connects at the first call, and again at the next call after a connection was lost. All
/// methods may be called from any task at any time.
package final class RetrievalClient: Sendable {
    /// The path of the server's socket.
    package let socket: String
    /// How long each call may take; sent along, so that the server does not start expired work.
    package let timeout: Duration
    private let group: any EventLoopGroup
    private let connection = Mutex<EventLoopFuture<Connection>?>(nil)

    package init(
        socket: String,
        timeout: Duration = .seconds(30),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.socket = socket
        self.timeout = timeout
        self.group = group
    }

    /// Makes one unary call with an encoded message, and gives the encoded answer.
    ///
    /// It may take `timeout`, by default that of all calls.
    ///
    /// - Throws: ``RetrievalClientError``, always.
    package func call(
        service: String,
        method: String,
        payload: Data,
        timeout: Duration? = nil
    ) async throws(RetrievalClientError) -> Data {
        let timeout = timeout ?? self.timeout
        var request = TTRPCRequest()
        request.service = service
        request.method = method
        request.payload = payload
        request.timeoutNano = TimeAmount(timeout).nanoseconds
        let connection = try await connected()
        do {
            return try await connection.call(request, timeout: timeout).get()
        } catch let error as RetrievalClientError {
            throw error
        } catch {
            throw .connectionLost(socket)
        }
    }

    /// Closes the connection; calls in flight fail with `unavailable`.
    package func close() async {
        let last = connection.withLock { connection in
            defer { connection = nil }
            return connection
        }
        await (try? last?.get())?.close()
    }

    private func connected() async throws(RetrievalClientError) -> Connection {
        guard let address = SocketPath.address(socket) else { throw .pathTooLong(socket) }
        let first = opening(address, insteadOf: nil)
        if let open = try? await first.get(), open.isUsable { return open }
        do {
            return try await opening(address, insteadOf: first).get()
        } catch {
            throw .unreachable(socket, error)
        }
    }

    /// The connection in use or in the making, unless it is `lost`; then a new one.
    private func opening(
        _ address: SocketAddress,
        insteadOf lost: EventLoopFuture<Connection>?
    ) -> EventLoopFuture<Connection> {
        connection.withLock { current in
            if let current, current !== lost { return current }
            let new = Connection.open(to: socket, at: address, on: group)
            current = new
            return new
        }
    }
}
