import NIOCore
import Wire

// Responses and messages, on their way to those who wait.
extension ClientHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasHeard = true
        splitter.append(unwrapInboundIn(data))
        while let piece = splitter.next() {
            guard case .frame(let frame) = piece else {
                context.close(promise: nil)  // the peer speaks something else
                return
            }
            received(frame)
        }
        if pending.isRetired, pending.isEmpty {
            context.close(promise: nil)
        }
    }

    private func received(_ frame: Frame) {
        switch frame.type {
        case .response:
            end(frame.streamID)?.tell(response(in: frame))
        case .data:
            receivedData(frame)
        default:
            break
        }
    }

    private func response(in frame: Frame) -> Waiter.Event {
        do {
            return .response(try frame.result().get())
        } catch {
            return .failure(RetrievalClientError(error))
        }
    }

    /// A stream takes messages, even empty ones, until its end; a unary call takes none.
    private func receivedData(_ frame: Frame) {
        guard let waiter = pending[frame.streamID]?.waiter else { return }
        guard waiter.isStream else {
            end(frame.streamID)?.tell(.failure(RetrievalClientError.unwantedData(socket)))
            return
        }
        let isEnd = frame.flags.contains(.remoteClosed)
        if !frame.flags.contains(.noData), !isEnd || frame.body.readableBytes > 0 {
            waiter.tell(.message([UInt8](frame.body.readableBytesView)))
        }
        if isEnd {
            end(frame.streamID)?.tell(.end)
        }
    }
}
