import NIOCore
import Reactor
import Wire

/// Carries out what the state machine of one connection says.
///
/// Responses to what came in one read are written together and flushed once. A client that asks
/// faster than it reads, or than the server works, is left unread until that has changed (rule
/// D7); what it sends meanwhile stays in its own socket. One that sends much at once has its turn,
/// and then the other connections of its event loop have theirs. One that begins a frame has to end
/// it in time (rule D6).
final class ConnectionHandler {
    /// How long calls of one connection are answered before others have a turn.
    static let turn = TimeAmount.milliseconds(1)
    /// What lies in the buffers of a socket is no more than some megabytes (net.core.wmem_max).
    static let mostDrainReads = 128

    let socket: ReactorSocket
    let caller: Caller
    let answer: Answer
    let frameTime: TimeAmount
    let tally: CallTally
    let unsent: UnsentAnswers
    var splitter = FrameSplitter()
    var machine = ConnectionStateMachine()
    var work: [UInt32: CallInFlight] = [:]
    /// When the last bytes came; nothing is read while frames wait in the splitter, so it is the
    /// time of theirs as well.
    var receipt = NIODeadline.now()
    var isInputClosed = false
    /// Guards against a flush that makes the socket writable, which asks to go on.
    var isSplitting = false
    /// Whether frames may lie in the splitter, since the client was held before they were taken.
    var isStopped = false
    /// Whether it waits for its next turn.
    var isWaiting = false
    var draining = Draining.none
    /// How many bytes the requests in flight have.
    var requestBytes = 0
    /// When the first byte of an unfinished frame came, and what ends the connection if its last
    /// one does not come in time.
    var frameBegan: NIODeadline?
    /// Since when a client that was held may go on with its frame.
    var mayGoOn = NIODeadline.uptimeNanoseconds(0)
    var frameTimeout: Scheduled<Void>?

    /// Calls of `caller`, who is at the other end of `socket`, are answered by `answer`, and counted
    /// by `tally`; how long frames and answers may take is said by `terms`.
    init(
        _ socket: ReactorSocket,
        caller: Caller,
        terms: ConnectionTerms,
        tally: CallTally,
        answer: @escaping Answer
    ) {
        self.socket = socket
        self.caller = caller
        self.tally = tally
        self.answer = answer
        frameTime = TimeAmount(terms.frameTime)
        unsent = UnsentAnswers(
            of: socket,
            backlog: caller.backlog,
            patience: TimeAmount(terms.stallTime)
        )
        unsent.resume = { [weak self] in self?.resume() }
    }

    /// Whether the server stops.
    enum Draining {
        case none
        /// It does, which is looked at when all frames that had come are taken: they are answered, for
        /// nobody could tell them from what was lost. So often was read for them.
        case owed(reads: Int)
        case begun
    }

    /// Its event loop.
    var loop: NIOIsolatedEventLoop { socket.reactor.assumeIsolated() }

    /// Begins to serve.
    func open() {
        tally.connections.accept()
        socket.open(for: self)
    }

    /// Ends the connection after the calls in flight; new ones are refused (rule D9).
    func drain() {
        guard socket.isOpen else { return }
        draining = .owed(reads: 0)
        split()
        flush()
    }
}

extension ConnectionHandler: ReactorSocketHandler {
    func received(_ bytes: ByteBuffer) {
        receipt = .now()
        splitter.append(bytes)
        split()
        flush()
    }

    func inputClosed() {
        isInputClosed = true
        split()
        flush()
    }

    func becameWritable() {
        resume()
    }

    func closed() {
        tally.connections.close()
        frameTimeout?.cancel()
        unsent.closed()
        perform(machine.closed())
    }
}
