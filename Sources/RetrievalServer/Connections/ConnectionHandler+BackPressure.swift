import NIOCore
import Reactor
import Wire

// Which frames are taken, and when.
extension ConnectionHandler {
    /// Whether the client has to read, or to wait, before its next request is looked at.
    var isHeld: Bool {
        isWaiting || !socket.isWritable || work.count >= Limits.callsInFlight
            || requestBytes > Limits.requestBytes || caller.backlog.isToWait
    }

    /// Takes the frames that have come, as far as the client may go.
    func split() {
        guard !isSplitting else { return }
        isSplitting = true
        defer { isSplitting = false }
        if isStopped {
            (frameBegan, mayGoOn) = (nil, .now())
        }
        if let frameTimeout {
            frameTimeout.cancel()
            self.frameTimeout = nil
        }
        isStopped = !takeFrames()
        if isStopped {
            splitter.settle()
        } else {
            settle()
        }
        socket.isReading = !isStopped && !isHeld
    }

    /// The end of the input, and of the server, come after all that came in.
    private func settle() {
        if case .owed = draining {
            draining = .begun
            machine.drain()
        }
        if isInputClosed {
            perform(machine.inputClosed())
        } else {
            watchFrame()
        }
    }

    /// Takes one frame after the other; false where the client was held before the last.
    private func takeFrames() -> Bool {
        var end: NIODeadline?
        while socket.isOpen {
            if isHeld {
                flush()  // which may be all that is needed
                guard !isHeld else { return false }
            }
            guard let piece = splitter.next() else {
                guard case .owed(let reads) = draining, reads < Self.mostDrainReads else {
                    return true
                }
                draining = .owed(reads: reads + 1)
                guard socket.readMore() else { return true }
                continue
            }
            frameBegan = nil
            perform(machine.received(piece))
            // A single frame needs no turns, so no clock.
            guard splitter.hasBytesLeft else { continue }
            let now = NIODeadline.now()
            if let end, now >= end {
                waitForTurn()
            }
            end = end ?? now + Self.turn
        }
        return true
    }

    /// Ends the connection where a frame that has begun does not end in time (rule D6), however
    /// often another byte of it comes.
    private func watchFrame() {
        guard splitter.hasBytesLeft else {
            frameBegan = nil
            return
        }
        let began = frameBegan ?? max(receipt, mayGoOn)
        frameBegan = began
        frameTimeout = loop.scheduleTask(deadline: began + frameTime) { [socket] in
            socket.close()
        }
    }

    /// Lets the other connections go first.
    private func waitForTurn() {
        isWaiting = true
        loop.execute {
            self.isWaiting = false
            self.resume()
        }
    }

    /// Goes on where a client was held.
    func resume() {
        guard socket.isOpen, !isSplitting, !isHeld, isStopped || !socket.isReading else { return }
        split()
        flush()
    }

    /// Sends what has been written.
    ///
    /// Where the server stops and nothing is in flight any more, the client can send no more from
    /// here on, and what it has sent is still read: it knows of each call whether it was taken.
    func flush() {
        socket.flush()
        if case .begun = draining, machine.isDrained {
            socket.closeInput()
        }
        unsent.flushed()
    }
}
