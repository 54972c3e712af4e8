import NIOCore

/// The server's side of one connection, as a value: every event returns what to do about it.
///
/// It knows the rules of ttrpc 1.2 and where Corkboard is stricter, and it knows no socket, no
/// clock and no index.
///
/// ```swift
/// switch machine.received(piece) {
/// case .start(let call): ...
/// case .respond(let streamID, let error): ...
/// }
/// ```
package struct ConnectionStateMachine: Sendable {
    /// What the owner of the connection has to do.
    package enum Action: Sendable, Equatable {
        case nothing
        /// Answer this call, then tell ``answered(_:)``.
        case start(Call)
        /// Send this error.
        case respond(UInt32, CallError)
        /// Stop the work on this call if it can be stopped, and send this error in its place.
        case cancelAndRespond(UInt32, CallError)
        /// Send this error, flush, and close.
        case respondAndClose(UInt32, CallError)
        /// Stop the work on these calls, for nobody is left to hear of it.
        case cancel([UInt32])
        /// Flush what has been written, and close.
        case close
    }

    /// What to do with a result that has been computed.
    package enum AnswerAction: Sendable, Equatable {
        case send
        /// Send it, flush, and close: it was the last one of a connection that is ending.
        case sendAndClose
        /// Somebody else has answered, or nobody listens.
        case discard
    }

    private enum Phase {
        /// Both sides talk.
        case open
        /// The server wants to stop: calls in flight end, new ones are refused (rule D9).
        case draining
        /// The client may still read, but sends no more (rule D4).
        case finishing
        case closed
    }

    private var phase = Phase.open
    /// The largest stream id seen; a refused request uses up its id as well.
    private var lastStreamID: UInt32 = 0
    private var active = ActiveCalls()
    /// What was asked for last, as it mostly is again.
    private var lastMethod = Method.search

    package init() {}

    /// Whether the server wants to stop and no call is in flight: it takes no more, and ends the
    /// connection when it has refused what had come.
    package var isDrained: Bool { phase == .draining && active.isEmpty }
}

// MARK: - Events

extension ConnectionStateMachine {
    /// A piece of the byte stream has arrived.
    package mutating func received(_ piece: FrameSplitter.Piece) -> Action {
        guard phase == .open || phase == .draining else { return .nothing }
        switch piece {
        case .frame(let frame):
            return received(frame)
        case .oversized(let streamID, let length):
            return .respond(streamID, .oversized(length))
        case .hostile(let streamID, let length):
            phase = .closed
            return .respondAndClose(streamID, .oversized(length))
        }
    }

    /// Whether a message of the stream of a call in flight is to be sent.
    package func mayStream(on streamID: UInt32) -> Bool {
        phase != .closed && active[streamID]?.isStreaming == true
    }

    /// The result of a call that was started is there; of a stream, its end.
    package mutating func answered(_ streamID: UInt32) -> AnswerAction {
        guard active.end(streamID), phase != .closed else {
            return .discard
        }
        guard phase == .finishing, active.isEmpty else { return .send }
        phase = .closed
        return .sendAndClose
    }

    /// The client has closed its sending side, and may still read.
    package mutating func inputClosed() -> Action {
        guard phase != .closed else { return .nothing }
        phase = active.isEmpty ? .closed : .finishing
        return active.isEmpty ? .close : .nothing
    }

    /// The server is asked to stop.
    package mutating func drain() {
        if phase == .open {
            phase = .draining
        }
    }

    /// A call is to end with `error`, whatever it is doing; nothing where it has ended already.
    package mutating func end(_ streamID: UInt32, with error: CallError) -> Action {
        guard phase != .closed, active.end(streamID) else {
            return .nothing
        }
        guard phase == .finishing, active.isEmpty else {
            return .cancelAndRespond(streamID, error)
        }
        phase = .closed
        return .respondAndClose(streamID, error)
    }

    /// The connection is gone.
    package mutating func closed() -> Action {
        phase = .closed
        defer { active.endAll() }
        return active.isEmpty ? .nothing : .cancel(active.streamIDs)
    }
}

// MARK: - Frames

extension ConnectionStateMachine {
    /// The order of these checks is part of the protocol: size (in the splitter), odd id, type,
    /// for data whether the stream is active, increasing id, request, service, method.
    private mutating func received(_ frame: Frame) -> Action {
        let streamID = frame.streamID
        guard streamID % 2 == 1 else { return .respond(streamID, .evenStreamID) }
        switch frame.type {
        case .data:
            return receivedData(frame)
        case .request:
            guard streamID > lastStreamID else { return .respond(streamID, .usedStreamID) }
            lastStreamID = streamID
            return receivedRequest(frame)
        default:
            return .nothing
        }
    }

    /// No call of ours takes data from its client: on a call in flight they end it (rule D1), but
    /// for the note that a stream's client has no more to say.
    private mutating func receivedData(_ frame: Frame) -> Action {
        guard let method = active[frame.streamID] else {
            return .respond(frame.streamID, .inactiveStreamID)
        }
        let isEnd = frame.flags.contains(.remoteClosed) && frame.carriesNoMessage
        return method.isStreaming && isEnd ? .nothing : end(frame.streamID, with: .unwantedData)
    }

    /// A call of the kind that its method is, whatever the flags say.
    private mutating func receivedRequest(_ frame: Frame) -> Action {
        guard phase == .open else { return .respond(frame.streamID, .draining) }
        do {
            let call = try Call(frame, likely: lastMethod)
            lastMethod = call.method
            active.begin(call.streamID, call.method)
            return .start(call)
        } catch {
            return .respond(frame.streamID, error)
        }
    }
}

extension Frame {
    fileprivate var carriesNoMessage: Bool {
        flags.contains(.noData) || body.readableBytes == 0
    }
}
