import NIOCore
import Wire

/// Carries out what the state machine of one connection says.
///
/// Responses to what came in one read are written together and flushed once.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to every connection when the server is asked to stop.
    struct Drain: Sendable {}

    private let answer: Answer
    private var splitter = FrameSplitter()
    private var machine = ConnectionStateMachine()
    private var cancellations: [UInt32: Cancellation] = [:]

    init(answer: @escaping Answer) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let receipt = NIODeadline.now()
        splitter.append(unwrapInboundIn(data))
        while let piece = splitter.next() {
            perform(machine.received(piece), receivedAt: receipt, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            perform(machine.inputClosed(), receivedAt: .now(), context)
        case is Drain:
            perform(machine.drain(), receivedAt: .now(), context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(machine.closed(), receivedAt: .now(), context)
        context.fireChannelInactive()
    }

    /// One connection's failure ends one connection.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

// MARK: - Actions

extension ConnectionHandler {
    private func perform(
        _ action: ConnectionStateMachine.Action,
        receivedAt receipt: NIODeadline,
        _ context: ChannelHandlerContext
    ) {
        switch action {
        case .nothing:
            break
        case .start(let call):
            start(PendingCall(call, receivedAt: receipt), context)
        case .respond(let streamID, let error):
            write(.failure(error), on: streamID, context)
        case .cancelAndRespond(let streamID, let error):
            cancellations.removeValue(forKey: streamID)?.cancel()
            write(.failure(error), on: streamID, context)
        case .respondAndClose(let streamID, let error):
            cancellations.removeValue(forKey: streamID)?.cancel()
            write(.failure(error), on: streamID, context)
            flushAndClose(context)
        case .cancel(let streamIDs):
            for streamID in streamIDs {
                cancellations.removeValue(forKey: streamID)?.cancel()
            }
        case .close:
            flushAndClose(context)
        }
    }

    private func start(_ pending: PendingCall, _ context: ChannelHandlerContext) {
        let streamID = pending.call.streamID
        switch answer(pending, context.eventLoop) {
        case .now(let result):
            finish(streamID, result, context)
        case .later(let future):
            cancellations[streamID] = pending.cancellation
            let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            future.whenComplete { outcome in
                let (handler, context) = this.value
                handler.cancellations[streamID] = nil
                handler.finish(streamID, outcome.flatten(), context)
                context.flush()
            }
        }
    }

    private func finish(
        _ streamID: UInt32,
        _ result: CallResult,
        _ context: ChannelHandlerContext
    ) {
        switch machine.answered(streamID) {
        case .send:
            write(result, on: streamID, context)
        case .sendAndClose:
            write(result, on: streamID, context)
            flushAndClose(context)
        case .discard:
            break
        }
    }

    private func write(
        _ result: CallResult,
        on streamID: UInt32,
        _ context: ChannelHandlerContext
    ) {
        let frame = Frame.response(result, on: streamID)
        var bytes = context.channel.allocator.buffer(
            capacity: Frame.headerSize + frame.body.readableBytes
        )
        bytes.write(frame)
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Closes once everything written has left; a bare close would throw it away.
    private func flushAndClose(_ context: ChannelHandlerContext) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}

extension Result where Success == CallResult, Failure == any Error {
    /// Work that failed without a status becomes UNKNOWN, as in ttrpc's own library.
    fileprivate func flatten() -> CallResult {
        switch self {
        case .success(let result): result
        case .failure(let error as CallError): .failure(error)
        case .failure(let error): .failure(CallError(.unknown, "\(error)"))
        }
    }
}
