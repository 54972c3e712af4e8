import Foundation
import NIOCore
import Wire

extension ConnectionHandler {
    /// Sends `messages` as they come.
    func sender(
        of messages: AsyncThrowingStream<Data, any Error>,
        on streamID: UInt32,
        _ context: ChannelHandlerContext
    ) -> Task<Void, Never> {
        let loop = context.eventLoop
        let this = NIOLoopBound((self, context), eventLoop: loop)
        return Task {
            var result = CallResult.success(Data())
            do {
                for try await message in messages {
                    let frame = try Frame.message(message, on: streamID)
                    loop.execute {
                        let (handler, context) = this.value
                        guard handler.machine.mayStream(on: streamID) else { return }
                        handler.write(frame, context)
                        context.flush()
                    }
                }
            } catch {
                result = Result<CallResult, any Error>.failure(error).flatten()
            }
            let (last, code) = (Frame.end(of: result, on: streamID), result.status)
            loop.execute {
                let (handler, context) = this.value
                handler.end(streamID, last, code, context)
            }
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
