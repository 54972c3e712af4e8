import NIOCore
import Wire

// Which frames are taken, and when.
extension ConnectionHandler {
    func read(context: ChannelHandlerContext) {
        if isStopped || isHeld(context) {
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
    func isHeld(_ context: ChannelHandlerContext) -> Bool {
        isWaiting || !context.channel.isWritable || machine.activeCount >= Limits.callsInFlight
            || requestBytes > Limits.requestBytes || caller.backlog.isToWait
    }

    /// Takes the frames that have come, as far as the client may go.
    func split(_ context: ChannelHandlerContext) {
        guard !isSplitting else { return }
        isSplitting = true
        defer { isSplitting = false }
        frameTimeout?.cancel()
        frameTimeout = nil
        isStopped = !takeFrames(context)
        guard !isStopped else { return }
        // The end of the input, and of the server, come after all that came in.
        if isDrainOwed {
            isDrainOwed = false
            perform(machine.drain(), context)
        }
        if isInputClosed {
            perform(machine.inputClosed(), context)
        } else {
            watchFrame(context)
        }
    }

    /// Takes one frame after the other; false where the client was held before the last.
    private func takeFrames(_ context: ChannelHandlerContext) -> Bool {
        let end = NIODeadline.now() + Self.turn
        while true {
            if isHeld(context) {
                context.flush()  // which may be all that is needed
                guard !isHeld(context) else { return false }
            }
            guard let piece = splitter.next() else { return true }
            frameBegan = nil
            perform(machine.received(piece), context)
            if NIODeadline.now() >= end {
                waitForTurn(context)
            }
        }
    }

    /// Ends the connection where a frame that has begun does not end in time (rule D6), however
    /// often another byte of it comes.
    private func watchFrame(_ context: ChannelHandlerContext) {
        guard splitter.isInsideFrame else {
            frameBegan = nil
            return
        }
        let began = frameBegan ?? receipt
        frameBegan = began
        let end = began + frameTime
        frameTimeout = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            context.close(promise: nil)
        }
    }

    /// Lets the other connections go first.
    private func waitForTurn(_ context: ChannelHandlerContext) {
        isWaiting = true
        context.flush()
        // Not by `execute`: NIO does all that is to be done now before it looks at any socket, and
        // what is due by the time that it asks.
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.breath) {
            self.isWaiting = false
            self.resume(context)
        }
    }

    /// Goes on where a client was held.
    func resume(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !isSplitting, !isHeld(context) else { return }
        split(context)
        context.flush()
        if isReadOwed, !isHeld(context) {
            isReadOwed = false
            context.read()
        }
    }
}
