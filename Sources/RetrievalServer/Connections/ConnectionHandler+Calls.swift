import NIOCore
import Reactor
import Wire

// What becomes of each frame, and of each call.
extension ConnectionHandler {
    func perform(_ action: ConnectionStateMachine.Action) {
        switch action {
        case .nothing:
            break
        case .start(let call):
            let notes = tally.notes()
            start(PendingCall(call, of: caller, receivedAt: receipt, notes: notes))
        case .respond(let streamID, let error):
            tally.refused(error.code)
            respond(streamID, .failure(error))
        case .cancelAndRespond(let streamID, let error):
            take(streamID, error.code)?.cancel()
            respond(streamID, .failure(error))
        case .respondAndClose(let streamID, let error):
            if let call = take(streamID, error.code) {
                call.cancel()
            } else {
                tally.refused(error.code)
            }
            respond(streamID, .failure(error))
            socket.end()
        case .cancel(let streamIDs):
            for streamID in streamIDs {
                take(streamID, .cancelled)?.cancel()
            }
        case .close:
            socket.end()
        }
    }

    private func start(_ pending: PendingCall) {
        let streamID = pending.call.streamID
        if case .cancel = pending.call.method {
            let result = cancel(pending.call)
            finish(streamID) { $0.write(result, on: streamID) }
            tally.answered(pending, result.status)
            return
        }
        switch answer(pending, socket.reactor) {
        case .now(let result):
            finish(streamID) { $0.write(result, on: streamID) }
            tally.answered(pending, result.status)
        case .later(let future):
            keep(CallInFlight(pending, end: end(at: pending)))
            let this = NIOLoopBound(self, eventLoop: socket.reactor)
            future.whenComplete { outcome in
                let result = outcome.flatten()
                this.value.end(streamID, result.status) { $0.write(result, on: streamID) }
            }
        case .stream(let messages):
            let sender = sender(of: messages, on: streamID)
            keep(CallInFlight(pending, end: end(at: pending), sender: sender))
        }
    }

    /// Ends a call whose time has passed, whatever it is doing (rule D10).
    private func end(at pending: PendingCall) -> Scheduled<Void>? {
        guard let deadline = pending.deadline else { return nil }
        let streamID = pending.call.streamID
        return loop.scheduleTask(deadline: deadline) {
            self.perform(self.machine.end(streamID, with: .deadlineExceeded))
            self.flush()
            self.resume()
        }
    }

    /// Ends another call of this connection at its client's wish.
    private func cancel(_ call: Call) -> CallResult {
        Result { () throws(CallError) in
            let streamID = try call.message(CancelRequest.self).streamID
            var response = CancelResponse()
            // Not this very call, which would otherwise be answered twice.
            let action =
                streamID == call.streamID ? .nothing : machine.end(streamID, with: .cancelled)
            response.cancelled = action != .nothing
            perform(action)
            return try encoded(response)
        }
    }

    /// Sends the last frame of a call that was not answered at once.
    func end(
        _ streamID: UInt32,
        _ code: StatusCode,
        by writing: (inout ByteBuffer) -> Void
    ) {
        take(streamID, code)?.end?.cancel()
        finish(streamID, by: writing)
        flush()
        resume()
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

    /// Writes the last frame of a call where somebody waits for it.
    private func finish(_ streamID: UInt32, by writing: (inout ByteBuffer) -> Void) {
        switch machine.answered(streamID) {
        case .send:
            write(writing)
        case .sendAndClose:
            write(writing)
            socket.end()
        case .discard:
            break
        }
    }

    private func respond(_ streamID: UInt32, _ result: CallResult) {
        write { $0.write(result, on: streamID) }
    }

    func write(_ writing: (inout ByteBuffer) -> Void) {
        unsent.wrote(socket.write(writing))
    }
}
