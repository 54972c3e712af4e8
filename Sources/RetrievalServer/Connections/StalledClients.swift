import NIOCore

/// Closes a connection whose client leaves its answers unread: one that has more than
/// ``Limits/unsentBytes`` to read and takes nothing of it for some time.
final class StalledClients: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let patience: TimeAmount
    /// All bytes ever written to the connection, whether they have left or not.
    private var written = 0
    private var check: Scheduled<Void>?

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        if !context.channel.isWritable {
            watch(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        context.fireChannelInactive()
    }

    private func watch(_ context: ChannelHandlerContext) {
        let before = sent(context)
        check = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            if self.sent(context) > before {
                self.watch(context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// How many bytes the client, or the socket's own buffer, has taken.
    private func sent(_ context: ChannelHandlerContext) -> Int {
        let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return written - (waiting ?? 0)
    }
}
