import Foundation
import NIOCore
import SwiftProtobuf
import Wire

/// One connection, from the client's side: sends requests, and tells each waiter what it gets.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct CallInFlight {
        let waiter: Waiter
        var deadline: Scheduled<Void>?
    }

    let socket: String
    private let state: ConnectionState
    var splitter = FrameSplitter()
    var pending = PendingCalls<CallInFlight>()
    private var context: ChannelHandlerContext?

    init(socket: String, state: ConnectionState) {
        self.socket = socket
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        failAll(.connectionLost(socket))
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll(.connectionLost(socket))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func failAll(_ error: RetrievalClientError) {
        state.lose()
        for call in pending.removeAll() {
            call.deadline?.cancel()
            call.waiter.tell(.failure(error))
        }
    }
}

// MARK: - Sending

extension ClientHandler {
    /// Sends `request`, unless its waiter has gone; the waiter, and `sent`, learn ``NotSent`` where
    /// the connection has.
    func send(
        _ request: TTRPCRequest,
        timeout: Duration?,
        _ waiter: Waiter,
        sent: EventLoopPromise<Void>?
    ) {
        guard !waiter.isOver else {
            sent?.succeed()
            return
        }
        guard let context, context.channel.isActive,
            let streamID = pending.add(CallInFlight(waiter: waiter))
        else {
            waiter.tell(.failure(NotSent()))
            sent?.fail(NotSent())
            return
        }
        waiter.streamID = streamID
        pending[streamID]?.deadline = timeout.map { schedule($0, context, waiter) }
        if pending.isRetired {
            state.retire()
        }
        do {
            var frame = try Frame.request(request, on: streamID)
            frame.flags = waiter.isStream ? .remoteClosed : []
            write(frame, context, sent)
        } catch {
            end(streamID)?.tell(.failure(RetrievalClientError(error)))
            sent?.succeed()
        }
    }

    /// Ends the call of `waiter` as cancelled.
    ///
    /// The server is asked to stop, and answers whatever it likes: its answers find nobody.
    func cancel(_ waiter: Waiter) {
        waiter.tell(.failure(RetrievalClientError.cancelled))
        guard let streamID = waiter.streamID, end(streamID) != nil, let context,
            context.channel.isActive
        else { return }
        var cancel = CancelRequest()
        cancel.streamID = streamID
        var request = TTRPCRequest()
        request.service = Method.cancel.service.rawValue
        request.method = Method.cancel.rawValue
        request.payload = (try? cancel.serializedData()) ?? Data()
        send(request, timeout: nil, Waiter(isStream: false) { _ in }, sent: nil)
    }

    private func write(
        _ frame: Frame,
        _ context: ChannelHandlerContext,
        _ sent: EventLoopPromise<Void>?
    ) {
        var bytes = context.channel.allocator.buffer(
            capacity: Frame.headerSize + frame.body.readableBytes
        )
        bytes.write(frame)
        // A part of a request may have left: it is none, and the server does nothing for it.
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { outcome in
            switch outcome {
            case .success:
                sent?.succeed()
            case .failure:
                self.end(frame.streamID)?.tell(.failure(NotSent()))
                sent?.fail(NotSent())
            }
        }
    }

    /// Fails `waiter` in time even where the server is silent.
    ///
    /// The call stays in `pending` until the server has answered or the connection has gone.
    private func schedule(
        _ timeout: Duration,
        _ context: ChannelHandlerContext,
        _ waiter: Waiter
    ) -> Scheduled<Void> {
        let error = RetrievalClientError.noAnswer(within: timeout, socket)
        return context.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            waiter.tell(.failure(error))
        }
    }

    /// Takes a call out of those in flight, and gives its waiter.
    func end(_ streamID: UInt32) -> Waiter? {
        guard let call = pending.remove(streamID) else { return nil }
        call.deadline?.cancel()
        return call.waiter
    }
}
