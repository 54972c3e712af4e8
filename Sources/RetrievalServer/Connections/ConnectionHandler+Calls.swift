import NIOCore
import Wire

// What becomes of each frame, and of each call.
extension ConnectionHandler {
    func perform(
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
            keep(CallInFlight(pending, end: end(at: pending, context)))
            let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            future.whenComplete { outcome in
                let (handler, context) = this.value
                let result = outcome.flatten()
                handler.end(streamID, .response(result, on: streamID), result.status, context)
            }
        case .stream(let messages):
            let sender = sender(of: messages, on: streamID, context)
            keep(CallInFlight(pending, end: end(at: pending, context), sender: sender))
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

    /// Sends the last frame of a call that was not answered at once.
    func end(
        _ streamID: UInt32,
        _ frame: Frame,
        _ code: StatusCode,
        _ context: ChannelHandlerContext
    ) {
        take(streamID, code)?.end?.cancel()
        finish(streamID, frame, context)
        context.flush()
        resume(context)
    }

    private func keep(_ call: CallInFlight) {
        tally.began()
        requestBytes += call.size
        work[call.pending.call.streamID] = call
    }

    /// Takes a call out of those in flight.
    private func take(_ streamID: UInt32, _ code: StatusCode) -> CallInFlight? {
        guard let call = work.removeValue(forKey: streamID) else { return nil }
        requestBytes -= call.size
        tally.ended(call.pending, code)
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

    func write(_ frame: Frame, _ context: ChannelHandlerContext) {
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
