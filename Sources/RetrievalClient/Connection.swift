import NIOCore
import NIOPosix
import Wire

/// An open connection, usable from any thread.
struct Connection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>
    private let socket: String
    private let state: ConnectionState

    /// Connects to the Unix socket at the path `socket`, which has the given address, where one of
    /// `users` listens.
    static func open(
        to socket: String,
        at address: SocketAddress,
        of users: Set<UInt32>,
        on group: any EventLoopGroup,
        _ state: ConnectionState
    ) -> EventLoopFuture<Connection> {
        let opening = ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ClientHandler(socket: socket, state: state)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(to: address)
            .flatMap { channel in
                ServerUsers.check(channel, at: socket, among: users)
                    .flatMapThrowing { try Connection(channel, socket, state) }
                    .flatMapErrorThrowing { error in
                        channel.close(promise: nil)
                        throw error
                    }
            }
        opening.whenFailure { _ in state.lose() }
        return opening
    }

    private init(_ channel: any Channel, _ socket: String, _ state: ConnectionState) throws {
        let handler = try channel.pipeline.syncOperations.handler(type: ClientHandler.self)
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.socket = socket
        self.state = state
    }

    func close() async {
        try? await channel.close()
    }
}

// MARK: - Calls

extension Connection {
    /// Makes a unary call, and gives the payload of its response; a task that is cancelled cancels
    /// the call.
    ///
    /// - Throws: ``NotSent``, or ``RetrievalClientError``.
    func response(to request: TTRPCRequest, time: CallTime?) async throws -> [UInt8] {
        let outcome = Outcome<[UInt8]>()
        let waiter = Waiter(isStream: false) { [socket, state] event in
            state.end()  // first: whoever goes on may call again at once
            switch event {
            case .response(let payload): outcome.settle(.success(payload))
            case .failure(let error): outcome.settle(.failure(error))
            case .message, .end:
                outcome.settle(.failure(RetrievalClientError.unwantedData(socket)))
            }
        }
        return try await withTaskCancellationHandler {
            send(request, time: time, waiter, sent: nil)
            return try await outcome.value
        } onCancel: {
            cancel(waiter)
        }
    }

    /// Makes a call that is answered by a stream, and returns when it has been sent.
    ///
    /// Whoever stops iterating cancels it.
    ///
    /// - Throws: ``NotSent``. The stream throws what `decode` does, and ``RetrievalClientError``.
    func messages<Message: Sendable>(
        of request: TTRPCRequest,
        time: CallTime?,
        decode: @escaping @Sendable ([UInt8]) throws -> Message
    ) async throws -> AsyncThrowingStream<Message, any Error> {
        let (messages, continuation) = AsyncThrowingStream<Message, any Error>.makeStream()
        let waiter = Waiter(isStream: true) { [state] event in
            if event.isLast {
                state.end()
            }
            do {
                switch event {
                case .message(let payload):
                    continuation.yield(try decode(payload))
                case .response(let payload) where !payload.isEmpty:
                    continuation.yield(try decode(payload))
                    continuation.finish()
                case .response, .end:
                    continuation.finish()
                case .failure(let error):
                    throw error
                }
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { [self] reason in
            if case .cancelled = reason { cancel(waiter) }
        }
        let sent = channel.eventLoop.makePromise(of: Void.self)
        send(request, time: time, waiter, sent: sent)
        try await sent.futureResult.get()
        return messages
    }

    private func send(
        _ request: TTRPCRequest,
        time: CallTime?,
        _ waiter: Waiter,
        sent: EventLoopPromise<Void>?
    ) {
        var request = request
        // 0 would be for ever, and a time that has passed is one below.
        let left = time.map { TimeAmount($0.left).nanoseconds }
        request.timeoutNano = left.map { $0 > 0 ? $0 : -1 } ?? 0
        channel.eventLoop.execute { [handler, request] in
            handler.value.send(request, time: time, waiter, sent: sent)
        }
    }

    /// Ends the call of `waiter` as cancelled, and asks the server to stop working on it.
    private func cancel(_ waiter: Waiter) {
        channel.eventLoop.execute { [handler] in
            handler.value.cancel(waiter)
        }
    }
}
