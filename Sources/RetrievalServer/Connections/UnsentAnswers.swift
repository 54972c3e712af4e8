import NIOCore

/// Keeps count of the answers that a client has yet to read, and closes its connection where it
/// reads none of them for some time though they are many: more than ``Limits/unsentBytes``, or part
/// of what fills the ``Backlog`` of all.
final class UnsentAnswers: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to a connection that is behind, as long as the backlog of all does not hold it.
    struct Resume: Sendable {}

    /// How often a client that is behind is looked at.
    private static let interval = TimeAmount.milliseconds(100)
    /// So much may be unsent without being counted: to ask takes longer than to write an answer.
    private static let uncounted = 64 << 10

    private let backlog: ConnectionBacklog
    private let patience: TimeAmount
    /// All bytes ever written to the connection, whether they have left or not.
    private var written = 0
    /// Bytes written since all had left.
    private var writtenSinceEmpty = 0
    /// All bytes that had left when they were looked at last, and when that number last grew.
    private var sent = 0
    private var progress = NIODeadline.now()
    private var check: Scheduled<Void>?

    init(backlog: ConnectionBacklog, patience: TimeAmount) {
        self.backlog = backlog
        self.patience = patience
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let count = unwrapOutboundIn(data).readableBytes
        written += count
        writtenSinceEmpty += count
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if check == nil, writtenSinceEmpty > Self.uncounted {
            progress = .now()
            look(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        backlog.set(0)
        context.fireChannelInactive()
    }

    /// Counts what is unsent, and looks again as long as something is.
    private func look(_ context: ChannelHandlerContext) {
        let unsent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        backlog.set(unsent)
        if written - unsent > sent {
            sent = written - unsent
            progress = .now()
        }
        let isTooMuch = unsent > 0 && (!context.channel.isWritable || backlog.isToWait)
        guard !isTooMuch || NIODeadline.now() - progress < patience else {
            context.close(promise: nil)
            return
        }
        writtenSinceEmpty = unsent > 0 ? writtenSinceEmpty : 0
        // Planned before anybody is told, who may write and flush and so come here again.
        check =
            unsent == 0
            ? nil
            : context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) {
                self.look(context)
            }
        // Another client may have made the room.
        if !backlog.isToWait {
            context.fireUserInboundEventTriggered(Resume())
        }
    }
}
