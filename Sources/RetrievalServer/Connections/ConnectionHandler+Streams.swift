import Foundation
import NIOCore
import Reactor
import Wire

extension ConnectionHandler {
    /// Sends `messages` as they come.
    func sender(
        of messages: AsyncThrowingStream<Data, any Error>,
        on streamID: UInt32
    ) -> Task<Void, Never> {
        let reactor = socket.reactor
        let this = NIOLoopBound(self, eventLoop: reactor)
        return Task {
            var result = CallResult.success(Data())
            do {
                for try await message in messages {
                    let frame = try Frame.message(message, on: streamID)
                    reactor.execute {
                        let handler = this.value
                        guard handler.machine.mayStream(on: streamID) else { return }
                        handler.write(frame)
                        handler.flush()
                    }
                }
            } catch {
                result = Result<CallResult, any Error>.failure(error).flatten()
            }
            let (last, code) = (Frame.end(of: result, on: streamID), result.status)
            reactor.execute { this.value.end(streamID, last, code) }
        }
    }
}

extension Frame {
    /// What ends a stream: its good end, or the reason for a bad one.
    fileprivate static func end(of result: CallResult, on streamID: UInt32) -> Frame {
        switch result {
        case .success: .end(of: streamID)
        case .failure: .response(result, on: streamID)
        }
    }
}
