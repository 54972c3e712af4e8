import Foundation
import NIOCore
import SwiftProtobuf
import Wire

// Requests, on their way to the server.
extension ClientHandler {
    /// Sends `request`, unless its waiter has gone; the waiter, and `sent`, learn ``NotSent`` where
    /// the connection has.
    func send(
        _ request: TTRPCRequest,
        time: CallTime?,
        _ waiter: Waiter,
        sent: EventLoopPromise<Void>?
    ) {
        guard !waiter.isOver else {
            sent?.succeed()
            return
        }
        guard let context, context.channel.isActive,
            let streamID = pending.add(CallInFlight(waiter: waiter))
        else {
            waiter.tell(.failure(NotSent(loss: loss)))
            sent?.fail(NotSent(loss: loss))
            return
        }
        waiter.streamID = streamID
        pending[streamID]?.deadline = time.map { schedule($0, context, waiter) }
        if pending.isRetired {
            state.retire()
        }
        do {
            var frame = try Frame.request(request, on: streamID)
            frame.flags = waiter.isStream ? .remoteClosed : []
            write(frame, context, sent)
        } catch {
            end(streamID)?.tell(.failure(RetrievalClientError(error)))
            sent?.succeed()
        }
    }

    /// Ends the call of `waiter` as cancelled.
    ///
    /// The server is asked to stop, and answers whatever it likes: its answers find nobody.
    func cancel(_ waiter: Waiter) {
        waiter.tell(.failure(RetrievalClientError.cancelled))
        guard let streamID = waiter.streamID, end(streamID) != nil, let context,
            context.channel.isActive
        else { return }
        var cancel = CancelRequest()
        cancel.streamID = streamID
        var request = TTRPCRequest()
        request.service = Method.cancel.service.rawValue
        request.method = Method.cancel.rawValue
        request.payload = (try? cancel.serializedData()) ?? Data()
        send(request, time: nil, Waiter(isStream: false) { _ in }, sent: nil)
    }

    private func write(
        _ frame: Frame,
        _ context: ChannelHandlerContext,
        _ sent: EventLoopPromise<Void>?
    ) {
        var bytes = context.channel.allocator.buffer(
            capacity: Frame.headerSize + frame.body.readableBytes
        )
        bytes.write(frame)
        // A part of a request may have left: it is none, and the server does nothing for it.
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { outcome in
            switch outcome {
            case .success:
                sent?.succeed()
            case .failure:
                self.end(frame.streamID)?.tell(.failure(NotSent(loss: self.loss)))
                sent?.fail(NotSent(loss: self.loss))
            }
        }
    }

    /// Fails `waiter` in time even where the server is silent.
    ///
    /// The call stays in `pending` until the server has answered or the connection has gone.
    private func schedule(
        _ time: CallTime,
        _ context: ChannelHandlerContext,
        _ waiter: Waiter
    ) -> Scheduled<Void> {
        let error = RetrievalClientError.noAnswer(within: time.whole, socket)
        return context.eventLoop.scheduleTask(in: TimeAmount(time.left)) {
            waiter.tell(.failure(error))
        }
    }

    /// Takes a call out of those in flight, and gives its waiter.
    func end(_ streamID: UInt32) -> Waiter? {
        guard let call = pending.remove(streamID) else { return nil }
        call.deadline?.cancel()
        return call.waiter
    }
}
