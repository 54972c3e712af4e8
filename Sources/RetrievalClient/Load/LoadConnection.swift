import Dispatch
import NIOCore
import Wire

/// One connection of a load, for the thread that drives it.
///
/// Nothing between the two looks at the clock belongs to the client but a write and a read: frames
/// are encoded before the first, and answers are cut and looked at after the second.
struct LoadConnection: ~Copyable {
    private let socket: BlockingSocket
    private let frames: RequestFrames
    /// The request that is asked for next.
    private var request: Int
    private var streamID: UInt32 = 1
    private var splitter = FrameSplitter()
    private var received = ByteBuffer()
    private var outgoing: [UInt8] = []

    init(
        to path: String,
        frames: RequestFrames,
        startingAt request: Int,
        pollTime: UInt64
    ) throws(RetrievalClientError) {
        socket = try BlockingSocket(path: path, pollTime: pollTime)
        self.frames = frames
        self.request = request
    }

    /// Makes `calls` calls, and waits for all their answers.
    ///
    /// - Throws: ``RetrievalClientError`` where the connection breaks; calls that the server
    ///   answers with an error are counted.
    mutating func run(
        calls: Int,
        pace: LoadPlan.Pace
    ) throws(RetrievalClientError) -> LoadTally {
        let (start, firstID) = (now(), streamID)
        var tally = LoadTally(calls: calls)
        var (sent, answered) = (0, 0)
        while answered < calls {
            let due = min(calls, pace.callsDue(after: now() - start, answered: answered))
            try send(from: sent, to: due, pace: pace, start: start, &tally)
            sent = max(sent, due)
            if sent < calls, let next = pace.due(sent) {
                guard socket.hasBytes(until: start + next) else { continue }
            }
            received.clear()
            try socket.read(into: &received)
            let end = now()
            splitter.append(received)
            while let piece = splitter.next() {
                guard case .frame(let frame) = piece, frame.streamID >= firstID,
                    frame.streamID < streamID
                else { throw .notAnAnswer }
                tally.end(Int(frame.streamID - firstID) / 2, at: end, frame)
                answered += 1
            }
        }
        return tally
    }

    /// Sends the calls of a range in one write; they begin now, or when the pace says they are due.
    private mutating func send(
        from first: Int,
        to end: Int,
        pace: LoadPlan.Pace,
        start: UInt64,
        _ tally: inout LoadTally
    ) throws(RetrievalClientError) {
        guard first < end else { return }
        outgoing.removeAll(keepingCapacity: true)
        for _ in first..<end {
            frames.append(request, on: streamID, to: &outgoing)
            streamID += 2
            request = request + 1 == frames.count ? 0 : request + 1
        }
        let time = now()
        for call in first..<end {
            tally.begin(call, at: pace.due(call).map { start + $0 } ?? time)
        }
        try socket.write(outgoing)
    }
}

/// Nanoseconds since the machine was started.
func now() -> UInt64 {
    DispatchTime.now().uptimeNanoseconds
}

extension RetrievalClientError {
    fileprivate static let notAnAnswer = RetrievalClientError(
        .internal,
        "the server sent what answers none of the calls in flight; is it a corkboardd?"
    )
}
