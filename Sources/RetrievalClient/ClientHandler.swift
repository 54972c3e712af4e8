import Foundation
import NIOCore
import Wire

/// One connection, from the client's side: sends requests, and hands each response to its waiter.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Waiter {
        let promise: EventLoopPromise<Data>
        let deadline: Scheduled<Void>?
    }

    private let socket: String
    private let retirement: Retirement
    private var splitter = FrameSplitter()
    private var pending = PendingCalls<Waiter>()
    private var context: ChannelHandlerContext?

    init(socket: String, retirement: Retirement) {
        self.socket = socket
        self.retirement = retirement
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        failAll(.connectionLost(socket))
    }

    // MARK: - Sending

    /// Sends `request`; `promise` learns the payload of the response, or a
    /// ``RetrievalClientError``.
    func call(_ request: TTRPCRequest, timeout: Duration?, promise: EventLoopPromise<Data>) {
        guard let context, context.channel.isActive else {
            promise.fail(RetrievalClientError.connectionLost(socket))
            return
        }
        let deadline = timeout.map { schedule($0, context, promise) }
        guard let streamID = pending.add(Waiter(promise: promise, deadline: deadline)) else {
            deadline?.cancel()
            promise.fail(RetrievalClientError.connectionLost(socket))
            return
        }
        if pending.isRetired {
            retirement.reach()
        }
        do {
            var bytes = context.channel.allocator.buffer(capacity: 256)
            bytes.write(try Frame.request(request, on: streamID))
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        } catch {
            _ = pending.remove(streamID)
            deadline?.cancel()
            promise.fail(RetrievalClientError(error))
        }
    }

    /// Fails `promise` in time even where the server is silent.
    ///
    /// The waiter stays until the response comes or the connection goes; a promise takes the first
    /// result only.
    private func schedule(
        _ timeout: Duration,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Data>
    ) -> Scheduled<Void> {
        let error = RetrievalClientError.noAnswer(within: timeout, socket)
        return context.eventLoop.scheduleTask(in: TimeAmount(timeout)) { promise.fail(error) }
    }

    // MARK: - Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        splitter.append(unwrapInboundIn(data))
        while let piece = splitter.next() {
            guard case .frame(let frame) = piece else {
                context.close(promise: nil)  // the peer speaks something else
                return
            }
            received(frame)
        }
        if pending.isRetired, pending.isEmpty {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll(.connectionLost(socket))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func received(_ frame: Frame) {
        guard frame.type == .response, let waiter = pending.remove(frame.streamID) else { return }
        waiter.deadline?.cancel()
        do {
            waiter.promise.succeed(try frame.result().get())
        } catch {
            waiter.promise.fail(RetrievalClientError(error))
        }
    }

    private func failAll(_ error: RetrievalClientError) {
        for waiter in pending.removeAll() {
            waiter.deadline?.cancel()
            waiter.promise.fail(error)
        }
    }
}
