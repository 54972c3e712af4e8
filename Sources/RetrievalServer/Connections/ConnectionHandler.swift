import Foundation
import NIOCore
import Wire

/// Carries out what the state machine of one connection says.
///
/// Responses to what came in one read are written together and flushed once. A client that asks
/// faster than it reads, or than the server works, is left unread until that has changed (rule
/// D7); what it sends meanwhile stays in its own socket. One that sends much at once has its turn,
/// and then the other connections of its event loop have theirs. One that begins a frame has to end
/// it in time (rule D6).
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to every connection when the server is asked to stop.
    struct Drain: Sendable {}

    /// How long calls of one connection are answered before others have a turn.
    private static let turn = TimeAmount.milliseconds(1)

    private let caller: Caller
    private let answer: Answer
    private let frameTime: TimeAmount
    private let tally: CallTally
    private var splitter = FrameSplitter()
    private var machine = ConnectionStateMachine()
    private var work: [UInt32: CallInFlight] = [:]
    /// When the last bytes came; nothing is read while frames wait in the splitter, so it is the
    /// time of theirs as well.
    private var receipt = NIODeadline.now()
    /// Whether a read was asked for while reading was held.
    private var isReadOwed = false
    private var isInputClosed = false
    /// Guards against a flush that makes the channel writable, which asks to go on.
    private var isSplitting = false
    /// Whether it waits for its next turn.
    private var isWaiting = false
    /// What ends the connection if the frame that has begun does not end.
    private var frameTimeout: Scheduled<Void>?

    /// Calls of `caller` are answered by `answer`, and counted by `tally`; a frame may take
    /// `frameTime` to come.
    init(
        caller: Caller,
        frameTime: TimeAmount,
        tally: CallTally = CallTally(),
        answer: @escaping Answer
    ) {
        self.caller = caller
        self.frameTime = frameTime
        self.tally = tally
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
        case is UnsentAnswers.Resume:
            resume(context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        tally.connections.accept()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        tally.connections.close()
        frameTimeout?.cancel()
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
        isWaiting || !context.channel.isWritable || machine.activeCount >= Limits.callsInFlight
            || caller.backlog.isToWait
    }

    /// Takes the frames that have come, as far as the client may go.
    private func split(_ context: ChannelHandlerContext) {
        guard !isSplitting else { return }
        isSplitting = true
        defer { isSplitting = false }
        frameTimeout?.cancel()
        frameTimeout = nil
        let end = NIODeadline.now() + Self.turn
        while true {
            if isHeld(context) {
                context.flush()  // which may be all that is needed
                guard !isHeld(context) else { return }
            }
            guard let piece = splitter.next() else { break }
            perform(machine.received(piece), context)
            if NIODeadline.now() >= end {
                waitForTurn(context)
            }
        }
        // The end of the input comes after all that came in.
        if isInputClosed {
            perform(machine.inputClosed(), context)
        } else if splitter.isInsideFrame {
            frameTimeout = context.eventLoop.assumeIsolated().scheduleTask(in: frameTime) {
                context.close(promise: nil)
            }
        }
    }

    /// Lets the other connections go first.
    private func waitForTurn(_ context: ChannelHandlerContext) {
        isWaiting = true
        context.eventLoop.assumeIsolated().execute {
            self.isWaiting = false
            self.resume(context)
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
            let notes = tally.notes()
            start(PendingCall(call, of: caller, receivedAt: receipt, notes: notes), context)
        case .respond(let streamID, let error):
            tally.refused(error.code)
            write(.response(.failure(error), on: streamID), context)
        case .cancelAndRespond(let streamID, let error):
            take(streamID, error.code)?.cancel()
            write(.response(.failure(error), on: streamID), context)
        case .respondAndClose(let streamID, let error):
            if let call = take(streamID, error.code) {
                call.cancel()
            } else {
                tally.refused(error.code)
            }
            write(.response(.failure(error), on: streamID), context)
            flushAndClose(context)
        case .cancel(let streamIDs):
            for streamID in streamIDs {
                take(streamID, .cancelled)?.cancel()
            }
        case .close:
            flushAndClose(context)
        }
    }

    private func start(_ pending: PendingCall, _ context: ChannelHandlerContext) {
        let streamID = pending.call.streamID
        guard pending.call.method != .cancel else {
            let result = cancel(pending.call, context)
            finish(streamID, .response(result, on: streamID), context)
            tally.answered(pending, result.status)
            return
        }
        switch answer(pending, context.eventLoop) {
        case .now(let result):
            finish(streamID, .response(result, on: streamID), context)
            tally.answered(pending, result.status)
        case .later(let future):
            tally.began()
            work[streamID] = CallInFlight(pending, end: end(at: pending, context))
            let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            future.whenComplete { outcome in
                let (handler, context) = this.value
                let result = outcome.flatten()
                handler.end(streamID, .response(result, on: streamID), result.status, context)
            }
        case .stream(let messages):
            tally.began()
            let sender = sender(of: messages, on: streamID, context)
            work[streamID] = CallInFlight(pending, end: end(at: pending, context), sender: sender)
        }
    }

    /// Ends a call whose time has passed, whatever it is doing (rule D10).
    private func end(
        at pending: PendingCall,
        _ context: ChannelHandlerContext
    ) -> Scheduled<Void>? {
        guard let deadline = pending.deadline else { return nil }
        let streamID = pending.call.streamID
        return context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.perform(self.machine.end(streamID, with: .deadlineExceeded), context)
            context.flush()
            self.resume(context)
        }
    }

    /// Ends another call of this connection at its client's wish.
    private func cancel(_ call: Call, _ context: ChannelHandlerContext) -> CallResult {
        Result { () throws(CallError) in
            let streamID = try call.message(CancelRequest.self).streamID
            var response = CancelResponse()
            // Not this very call, which would otherwise be answered twice.
            let action =
                streamID == call.streamID ? .nothing : machine.end(streamID, with: .cancelled)
            response.cancelled = action != .nothing
            perform(action, context)
            return try encoded(response)
        }
    }

    /// Sends `messages` as they come.
    private func sender(
        of messages: AsyncThrowingStream<Data, any Error>,
        on streamID: UInt32,
        _ context: ChannelHandlerContext
    ) -> Task<Void, Never> {
        let loop = context.eventLoop
        let this = NIOLoopBound((self, context), eventLoop: loop)
        return Task {
            var result = CallResult.success(Data())
            do {
                for try await message in messages {
                    let frame = try Frame.message(message, on: streamID)
                    loop.execute {
                        let (handler, context) = this.value
                        guard handler.machine.mayStream(on: streamID) else { return }
                        handler.write(frame, context)
                        context.flush()
                    }
                }
            } catch {
                result = Result<CallResult, any Error>.failure(error).flatten()
            }
            let (last, code) = (Frame.end(of: result, on: streamID), result.status)
            loop.execute {
                let (handler, context) = this.value
                handler.end(streamID, last, code, context)
            }
        }
    }

    /// Sends the last frame of a call that was not answered at once.
    private func end(
        _ streamID: UInt32,
        _ frame: Frame,
        _ code: StatusCode,
        _ context: ChannelHandlerContext
    ) {
        let call = work.removeValue(forKey: streamID)
        call?.end?.cancel()
        finish(streamID, frame, context)
        if let call {
            tally.ended(call.pending, code)
        }
        context.flush()
        resume(context)
    }

    /// Takes a call out of those in flight, which is not to be answered by its work.
    private func take(_ streamID: UInt32, _ code: StatusCode) -> CallInFlight? {
        let call = work.removeValue(forKey: streamID)
        if let call {
            tally.ended(call.pending, code)
        }
        return call
    }

    private func finish(_ streamID: UInt32, _ last: Frame, _ context: ChannelHandlerContext) {
        switch machine.answered(streamID) {
        case .send:
            write(last, context)
        case .sendAndClose:
            write(last, context)
            flushAndClose(context)
        case .discard:
            break
        }
    }

    private func write(_ frame: Frame, _ context: ChannelHandlerContext) {
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

/// What has to be ended with a call that is not answered yet.
private struct CallInFlight {
    let pending: PendingCall
    let end: Scheduled<Void>?
    let sender: Task<Void, Never>?

    init(_ pending: PendingCall, end: Scheduled<Void>?, sender: Task<Void, Never>? = nil) {
        self.pending = pending
        self.end = end
        self.sender = sender
    }

    func cancel() {
        pending.cancellation.cancel()
        end?.cancel()
        sender?.cancel()
    }
}

extension Frame {
    /// What ends a stream: its good end, or the reason for a bad one.
    fileprivate static func end(of result: CallResult, on streamID: UInt32) -> Frame {
        switch result {
        case .success: .end(of: streamID)
        case .failure: .response(result, on: streamID)
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
