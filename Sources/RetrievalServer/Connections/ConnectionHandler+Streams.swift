import NIOCore
import Reactor
import Wire

extension ConnectionHandler {
    /// Sends `messages` as they come.
    func sender(
        of messages: AsyncThrowingStream<[UInt8], any Error>,
        on streamID: UInt32
    ) -> Task<Void, Never> {
        let reactor = socket.reactor
        let this = NIOLoopBound(self, eventLoop: reactor)
        return Task {
            var result = CallResult.success([])
            do {
                for try await message in messages {
                    let frame = try Frame.message(message, on: streamID)
                    reactor.execute {
                        let handler = this.value
                        guard handler.machine.mayStream(on: streamID) else { return }
                        handler.write { $0.write(frame) }
                        handler.flush()
                    }
                }
            } catch {
                result = Result<CallResult, any Error>.failure(error).flatten()
            }
            reactor.execute { [result] in
                this.value.end(streamID, result.status) { $0.write(endOf: result, on: streamID) }
            }
        }
    }
}

extension ByteBuffer {
    /// Appends what ends a stream: its good end, or the reason for a bad one.
    fileprivate mutating func write(endOf result: CallResult, on streamID: UInt32) {
        switch result {
        case .success: write(.end(of: streamID))
        case .failure: write(result, on: streamID)
        }
    }
}
