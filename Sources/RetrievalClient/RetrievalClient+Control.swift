import Foundation
import SwiftProtobuf
package import Wire

// What changes something; for administrators of the daemon. A call is cancelled with its task, or
// by the end of the iteration: there is no method for it.
extension RetrievalClient {
    /// Serves a generation that has been built, after it has passed the checks; `force` overlooks
    /// a worse recall, but no damage.
    ///
    /// By default it may take as long as it does: a generation is read and measured first.
    package func publish(
        generation: Int,
        force: Bool = false,
        timeout: Duration = .seconds(3600)
    ) async throws(RetrievalClientError) -> PublishResponse {
        var request = PublishRequest()
        request.generation = try number(generation, "generation")
        request.force = force
        return try await call(.publish, request, timeout: timeout)
    }

    /// Serves the generation that is there before the published one.
    package func rollback(
        timeout: Duration = .seconds(3600)
    ) async throws(RetrievalClientError) -> PublishResponse {
        try await call(.rollback, RollbackRequest(), timeout: timeout)
    }

    /// Builds a generation in a process of its own, and tells how far it is.
    ///
    /// Whoever stops iterating cancels the build.
    ///
    /// - Throws: ``RetrievalClientError``; so does the stream.
    package func rebuild(
        _ request: RebuildRequest = RebuildRequest(),
        timeout: Duration? = nil
    ) async throws(RetrievalClientError) -> AsyncThrowingStream<RebuildProgress, any Error> {
        try await stream(.rebuild, request, timeout: timeout)
    }

    /// Makes a call of one message that is answered by a stream of others.
    func stream<Request: Message, Response: Message & Sendable>(
        _ method: Method,
        _ message: Request,
        timeout: Duration?
    ) async throws(RetrievalClientError) -> AsyncThrowingStream<Response, any Error> {
        var request = TTRPCRequest()
        request.service = method.service.rawValue
        request.method = method.rawValue
        do {
            request.payload = try message.serializedData()
        } catch {
            throw RetrievalClientError(.internal, "the request cannot be encoded: \(error)")
        }
        return try await attempt(within: timeout) { [request] connection, time in
            try await connection.messages(of: request, time: time) { payload in
                do {
                    return try Response(serializedBytes: payload, options: .wire)
                } catch {
                    throw RetrievalClientError.undecodable(error)
                }
            }
        }
    }
}
