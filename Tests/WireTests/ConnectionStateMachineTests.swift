import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

/// The table of server obligations, row by row; wire-protocol texts as upstream sends them.
struct ConnectionStateMachineTests {
    private func request(
        _ streamID: UInt32,
        service: String = "corkboard.v1.Retrieval",
        method: String = "Search",
        timeout: Int64 = 0,
        flags: FrameFlags = []
    ) throws -> FrameSplitter.Piece {
        var request = TTRPCRequest()
        request.service = service
        request.method = method
        request.timeoutNano = timeout
        var frame = try Frame.request(request, on: streamID)
        frame.flags = flags
        return .frame(frame)
    }

    private func data(
        _ streamID: UInt32,
        _ flags: FrameFlags = [],
        _ bytes: [UInt8] = []
    ) -> FrameSplitter.Piece {
        .frame(Frame(streamID: streamID, type: .data, flags: flags, body: ByteBuffer(bytes: bytes)))
    }

    private func started(_ streamID: UInt32) -> ConnectionStateMachine.Action {
        .start(Call(streamID: streamID, method: .search, payload: [], timeout: nil))
    }

    private let draining = CallError(.unavailable, "draining")
    private let reused = CallError(
        .invalidArgument,
        "StreamID cannot be re-used and must increment"
    )
    private let inactive = CallError(.invalidArgument, "StreamID is no longer active")

    // MARK: - Frames

    @Test func `a frame over 4 MiB is answered on its stream, and the connection lives`() throws {
        var machine = ConnectionStateMachine()
        let error = CallError(
            .resourceExhausted,
            "message length 4194305 exceed maximum message size of 4194304"
        )
        #expect(machine.received(.oversized(streamID: 1, length: 4_194_305)) == .respond(1, error))
        #expect(machine.received(try request(1)) == started(1))
    }

    @Test func `a frame of 16 MiB is answered, and the connection closed`() throws {
        var machine = ConnectionStateMachine()
        let action = machine.received(.hostile(streamID: 9, length: 16 << 20))
        guard case .respondAndClose(9, let error) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(error.code == .resourceExhausted)
        #expect(machine.received(try request(11)) == .nothing)
    }

    @Test(arguments: [0, 2, 4_294_967_294] as [UInt32])
    func `an even stream id is refused, whatever the frame's type`(id: UInt32) throws {
        var machine = ConnectionStateMachine()
        let error = CallError(
            .invalidArgument,
            "StreamID must be odd for client initiated streams"
        )
        #expect(machine.received(try request(id)) == .respond(id, error))
        #expect(machine.received(data(id)) == .respond(id, error))
    }

    @Test func `a stream id that does not grow is refused, also after a failed request`() throws {
        var machine = ConnectionStateMachine()
        #expect(machine.received(try request(5)) == started(5))
        #expect(machine.received(try request(5)) == .respond(5, reused))
        #expect(machine.received(try request(3)) == .respond(3, reused))
        _ = machine.received(try request(7, method: "Nothing"))
        #expect(machine.received(try request(7)) == .respond(7, reused))
    }

    @Test func `stream ids may leap to the largest`() throws {
        var machine = ConnectionStateMachine()
        #expect(machine.received(try request(1)) == started(1))
        #expect(machine.received(try request(.max)) == started(.max))
    }

    @Test func `data on a stream unknown or finished is refused`() throws {
        var machine = ConnectionStateMachine()
        #expect(machine.received(data(1)) == .respond(1, inactive))
        #expect(machine.received(try request(1)) == started(1))
        #expect(machine.answered(1) == .send)
        #expect(machine.received(data(1, [.remoteClosed, .noData])) == .respond(1, inactive))
    }

    @Test(arguments: [[UInt8(0), 1], [1], [5], [4, 1, 2]])
    func `data on a running unary call cancels it, with one answer`(frame: [UInt8]) throws {
        let flags = FrameFlags(rawValue: frame[0])
        let bytes = Array(frame.dropFirst())
        var machine = ConnectionStateMachine()
        #expect(machine.received(try request(1)) == started(1))
        let action = machine.received(data(1, flags, bytes))
        guard case .cancelAndRespond(1, let error) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(error.code == .invalidArgument)
        #expect(machine.answered(1) == .discard)
        #expect(machine.received(data(1, flags, bytes)) == .respond(1, inactive))
    }

    @Test(arguments: [UInt8(0), 2, 4, 0x10, 0xFF])
    func `a frame of another type is ignored`(type: UInt8) throws {
        var machine = ConnectionStateMachine()
        let frame = Frame(streamID: 1, type: FrameType(rawValue: type))
        #expect(machine.received(.frame(frame)) == .nothing)
        #expect(machine.received(try request(1)) == started(1))
    }

    @Test(arguments: [0x01, 0x02, 0xF8] as [UInt8])
    func `a unary method is answered whatever the flags`(flags: UInt8) throws {
        var machine = ConnectionStateMachine()
        #expect(machine.received(try request(1, flags: FrameFlags(rawValue: flags))) == started(1))
    }

    // MARK: - Requests

    @Test(arguments: [[UInt8(0xFF)], [0x0A, 1, 0xFF], [0x0A, 5, 0x61]])
    func `a request that cannot be decoded is refused, invalid UTF-8 too`(bytes: [UInt8]) {
        var machine = ConnectionStateMachine()
        let frame = Frame(streamID: 1, type: .request, body: ByteBuffer(bytes: bytes))
        guard case .respond(1, let error) = machine.received(.frame(frame)) else {
            Issue.record("the request was accepted")
            return
        }
        #expect(error.code == .invalidArgument)
        #expect(error.message.hasPrefix("unmarshal request error: "))
    }

    @Test func `an unknown service or method is UNIMPLEMENTED, the service first`() throws {
        var machine = ConnectionStateMachine()
        let empty = Frame(streamID: 1, type: .request)
        let service = CallError(.unimplemented, "service Not")
        let method = CallError(.unimplemented, "method Found")
        let nothing = CallError(.unimplemented, "service ")
        #expect(machine.received(.frame(empty)) == .respond(1, nothing))
        #expect(
            machine.received(try request(3, service: "Not", method: "Found"))
                == .respond(3, service)
        )
        #expect(machine.received(try request(5, method: "Found")) == .respond(5, method))
        #expect(machine.closed() == .nothing)
    }

    @Test func `a negative timeout has expired, zero is none, and the largest is kept`() throws {
        var machine = ConnectionStateMachine()
        let expired = CallError(.deadlineExceeded, "context deadline exceeded")
        #expect(machine.received(try request(1, timeout: -1)) == .respond(1, expired))
        #expect(machine.received(try request(3, timeout: 0)) == started(3))
        let call = Call(
            streamID: 5,
            method: .search,
            payload: [],
            timeout: .nanoseconds(Int64.max)
        )
        #expect(machine.received(try request(5, timeout: .max)) == .start(call))
    }

    // MARK: - Streams

    private func rebuild(_ streamID: UInt32) throws -> FrameSplitter.Piece {
        try request(streamID, service: "corkboard.v1.Control", method: "Rebuild")
    }

    @Test func `a method belongs to one service`() throws {
        var machine = ConnectionStateMachine()
        let elsewhere = CallError(.unimplemented, "method Rebuild")
        #expect(machine.received(try request(1, method: "Rebuild")) == .respond(1, elsewhere))
        let action = machine.received(try rebuild(3))
        #expect(
            action == .start(Call(streamID: 3, method: .rebuild, payload: [], timeout: nil))
        )
    }

    @Test func `a stream carries messages until it is answered`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try rebuild(1))
        #expect(machine.mayStream(on: 1))
        #expect(!machine.mayStream(on: 3))
        #expect(machine.answered(1) == .send)
        #expect(!machine.mayStream(on: 1))
    }

    @Test(arguments: [FrameFlags.remoteClosed, [.remoteClosed, .noData]])
    func `a stream's client may say that it sends nothing more`(flags: FrameFlags) throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try rebuild(1))
        #expect(machine.received(data(1, flags)) == .nothing)
        #expect(machine.mayStream(on: 1))
    }

    @Test func `a stream's client sends one message, and no other`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try rebuild(1))
        guard case .cancelAndRespond(1, let error) = machine.received(data(1, [], [8, 1])) else {
            Issue.record("a second message was taken")
            return
        }
        #expect(error.code == .invalidArgument)
        #expect(!machine.mayStream(on: 1))
    }

    @Test func `no unary call carries a stream`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        #expect(!machine.mayStream(on: 1))
    }

    // MARK: - Ends

    @Test func `a call is ended once, and its result thrown away`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        #expect(machine.end(1, with: .cancelled) == .cancelAndRespond(1, .cancelled))
        #expect(machine.end(1, with: .deadlineExceeded) == .nothing)
        #expect(machine.answered(1) == .discard)
        #expect(machine.end(3, with: .cancelled) == .nothing)
    }

    @Test func `after the last call of a draining connection it takes no more`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        machine.drain()
        #expect(!machine.isDrained)
        #expect(machine.end(1, with: .deadlineExceeded) == .cancelAndRespond(1, .deadlineExceeded))
        #expect(machine.isDrained)
    }

    @Test func `a client that has stopped sending still gets its answers`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        _ = machine.received(try request(3))
        #expect(machine.inputClosed() == .nothing)
        #expect(machine.answered(1) == .send)
        #expect(machine.answered(3) == .sendAndClose)
        #expect(machine.answered(3) == .discard)
    }

    @Test func `an idle connection is closed when the client stops sending`() {
        var machine = ConnectionStateMachine()
        #expect(machine.inputClosed() == .close)
        #expect(machine.closed() == .nothing)
    }

    @Test func `a client that is gone cancels its calls`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        _ = machine.received(try request(3))
        #expect(machine.closed() == .cancel([1, 3]))
        #expect(machine.answered(1) == .discard)
        #expect(machine.closed() == .nothing)
    }

    @Test func `while draining new calls are refused, to the end of the input`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        machine.drain()
        #expect(machine.received(try request(3)) == .respond(3, draining))
        #expect(machine.received(try request(3)) == .respond(3, reused))
        #expect(machine.answered(1) == .send)
        #expect(machine.received(try request(5)) == .respond(5, draining))
        #expect(machine.inputClosed() == .close)
        #expect(machine.received(try request(7)) == .nothing)
    }

    @Test func `an idle connection is drained at once, and one whose last call is cancelled`()
        throws
    {
        var idle = ConnectionStateMachine()
        idle.drain()
        #expect(idle.isDrained)
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        machine.drain()
        guard case .cancelAndRespond(1, _) = machine.received(data(1)) else {
            Issue.record("the call goes on")
            return
        }
        #expect(machine.isDrained)
        #expect(machine.answered(1) == .discard)
    }

    @Test func `a half-closed connection that drains still answers`() throws {
        var machine = ConnectionStateMachine()
        _ = machine.received(try request(1))
        #expect(machine.inputClosed() == .nothing)
        machine.drain()
        #expect(machine.answered(1) == .sendAndClose)
    }
}
