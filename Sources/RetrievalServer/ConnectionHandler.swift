import NIOCore
import Wire

/// Carries out what the state machine of one connection says.
///
/// Responses to what came in one read are written together and flushed once. A client that asks
/// faster than it reads, or than the server works, is left unread until that has changed (rule
/// D7); what it sends meanwhile stays in its own socket.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to every connection when the server is asked to stop.
    struct Drain: Sendable {}

    private let answer: Answer
    private var splitter = FrameSplitter()
    private var machine = ConnectionStateMachine()
    private var cancellations: [UInt32: Cancellation] = [:]
    /// When the last bytes came; nothing is read while frames wait in the splitter, so it is the
    /// time of theirs as well.
    private var receipt = NIODeadline.now()
    /// Whether a read was asked for while reading was held.
    private var isReadOwed = false
    private var isInputClosed = false
    /// Guards against a flush that makes the channel writable, which asks to go on.
    private var isSplitting = false

    init(answer: @escaping Answer) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receipt = .now()
        splitter.append(unwrapInboundIn(data))
        split(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            split(context)
        case is Drain:
            perform(machine.drain(), context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(machine.closed(), context)
        context.fireChannelInactive()
    }

    /// One connection's failure ends one connection.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

// MARK: - Back-pressure

extension ConnectionHandler {
    func read(context: ChannelHandlerContext) {
        if isHeld(context) {
            isReadOwed = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resume(context)
        context.fireChannelWritabilityChanged()
    }

    /// Whether the client has to read, or to wait, before its next request is looked at.
    private func isHeld(_ context: ChannelHandlerContext) -> Bool {
        !context.channel.isWritable || machine.activeCount >= Limits.callsInFlight
    }

    /// Takes the frames that have come, as far as the client may go.
    private func split(_ context: ChannelHandlerContext) {
        guard !isSplitting else { return }
        isSplitting = true
        defer { isSplitting = false }
        while true {
            if isHeld(context) {
                context.flush()  // which may be all that is needed
                guard !isHeld(context) else { return }
            }
            guard let piece = splitter.next() else { break }
            perform(machine.received(piece), context)
        }
        // The end of the input comes after all that came in.
        if isInputClosed {
            perform(machine.inputClosed(), context)
        }
    }

    /// Goes on where a client was held.
    private func resume(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !isSplitting, !isHeld(context) else { return }
        split(context)
        context.flush()
        if isReadOwed, !isHeld(context) {
            isReadOwed = false
            context.read()
        }
    }
}

// MARK: - Actions

extension ConnectionHandler {
    private func perform(
        _ action: ConnectionStateMachine.Action,
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
                handler.resume(context)
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
