package import Foundation
package import NIOCore
import NIOPosix
import Wire

/// A client of corkboardd: a few connections, any number of calls in flight on them.
///
/// ```swift
/// let client = RetrievalClient(socket: "corkboard.d/corkboardd.sock")
/// let answer = try await client.related(itemIDs: ["nginx"], k: 10)
/// await client.close()
/// ```
///
/// It connects at the first call, and again at the next call after a connection was lost. All
/// methods may be called from any task at any time; a task that is cancelled cancels its call, on
/// the server as well.
package final class RetrievalClient: Sendable {
    /// The path of the server's socket.
    package let socket: String
    /// How long each call may take; sent along, so that the server does not start expired work.
    package let timeout: Duration
    private let reconnection: Reconnection
    private let serverUsers: Set<UInt32>?
    private let group: any EventLoopGroup
    private let pool: ConnectionPool

    /// A client that opens up to `connections`, each call on the one with the fewest.
    ///
    /// One connection carries hundreds of calls at once. A second is for calls that would wait
    /// behind the large requests or answers of others. `serverUsers` are the users whose server is
    /// trusted; by default this process's own, root, and the owner of the socket's folder.
    package init(
        socket: String,
        timeout: Duration = .seconds(30),
        connections: Int = 1,
        reconnection: Reconnection = Reconnection(),
        serverUsers: Set<UInt32>? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.socket = socket
        self.timeout = timeout
        self.reconnection = reconnection
        self.serverUsers = serverUsers
        self.group = group
        pool = ConnectionPool(size: connections)
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
    ) async throws(RetrievalClientError) -> [UInt8] {
        var request = TTRPCRequest()
        request.service = service
        request.method = method
        request.payload = payload
        return try await attempt(within: timeout ?? self.timeout) { [request] connection, time in
            try await connection.response(to: request, time: time)
        }
    }

    /// Closes the connections; calls in flight fail with `unavailable`.
    package func close() async {
        await pool.close()
    }
}

// MARK: - Connecting

extension RetrievalClient {
    /// Lets `body` make its call on a connection, and again on a new one where it was not sent.
    ///
    /// `body` learns what is left of `timeout`; nil for ever.
    func attempt<Answer: Sendable>(
        within timeout: Duration?,
        _ body: (Connection, CallTime?) async throws -> Answer
    ) async throws(RetrievalClientError) -> Answer {
        guard let address = SocketPath.address(socket) else { throw .pathTooLong(socket) }
        let time = timeout.map(CallTime.init)
        var number = 1
        while true {
            let failure: RetrievalClientError
            do {
                let connection = try await connection(to: address)
                return try await body(connection, time)
            } catch let error as RetrievalClientError {
                throw error
            } catch let error as NotSent {
                failure = error.loss
            } catch {
                failure = .unreachable(socket, error)
            }
            number += 1
            guard let pause = reconnection.pause(before: number),
                time.map({ pause < $0.left }) ?? true
            else { throw failure }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw .cancelled
            }
        }
    }

    private func connection(to address: SocketAddress) async throws -> Connection {
        let entry = pool.take { state in
            Connection.open(
                to: socket,
                at: address,
                of: serverUsers ?? ServerUsers.trusted(at: socket),
                on: group,
                state
            )
        }
        return try await entry.connection
    }
}
