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
    static let turn = TimeAmount.milliseconds(1)
    /// How long others may take to begin theirs.
    static let breath = TimeAmount.microseconds(50)

    let caller: Caller
    let answer: Answer
    let frameTime: TimeAmount
    let tally: CallTally
    let poll: BusyPoll?
    var splitter = FrameSplitter()
    var machine = ConnectionStateMachine()
    var work: [UInt32: CallInFlight] = [:]
    /// When the last bytes came; nothing is read while frames wait in the splitter, so it is the
    /// time of theirs as well.
    var receipt = NIODeadline.now()
    /// Whether a read was asked for while reading was held.
    var isReadOwed = false
    var isInputClosed = false
    /// Guards against a flush that makes the channel writable, which asks to go on.
    var isSplitting = false
    /// Whether frames may lie in the splitter, since the client was held before they were taken.
    var isStopped = false
    /// Whether it waits for its next turn.
    var isWaiting = false
    /// Whether the server stops, which is looked at when all frames that had come are taken.
    var isDrainOwed = false
    /// How many bytes the requests in flight have.
    var requestBytes = 0
    /// When the first byte of an unfinished frame came, and what ends the connection if its last
    /// one does not come in time.
    var frameBegan: NIODeadline?
    var frameTimeout: Scheduled<Void>?

    /// Calls of `caller` are answered by `answer`, and counted by `tally`; a frame may take
    /// `frameTime` to come, and what comes after the answers may be looked for by `poll`.
    init(
        caller: Caller,
        frameTime: TimeAmount,
        tally: CallTally = CallTally(),
        poll: BusyPoll? = nil,
        answer: @escaping Answer
    ) {
        self.caller = caller
        self.frameTime = frameTime
        self.tally = tally
        self.poll = poll
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
        // Not while the event loop has more to do than to wait for requests.
        if !isWaiting, tally.inFlightCount == 0 {
            poll?.look()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            split(context)
        case is Drain:
            isDrainOwed = true
            split(context)
        case is UnsentAnswers.Resume:
            if isStopped || isReadOwed {
                resume(context)
            }
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
