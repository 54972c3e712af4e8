import NIOCore
import NIOHTTP1
import Wire

/// What the endpoint for metrics answers with.
struct MetricsSource: Sendable {
    /// What GET /metrics gives.
    let metrics: @Sendable () -> String
    /// What GET /health gives.
    let health: @Sendable () -> HealthResponse
}

/// Answers the one request of a connection, and closes it.
final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Answer {
        var status = HTTPResponseStatus.ok
        var type = "text/plain; charset=utf-8"
        var text: String
    }

    private let source: MetricsSource
    private var isAnswered = false

    init(_ source: MetricsSource) {
        self.source = source
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A body is nothing that is waited for.
        guard case .head(let head) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        write(answer(to: head), to: head, context)
    }

    /// What cannot be parsed, or takes too long, is nothing that is talked about.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(to head: HTTPRequestHead) -> Answer {
        let path = head.uri.prefix { $0 != "?" }
        guard path == "/metrics" || path == "/health" else {
            return Answer(status: .notFound, text: "ask for /metrics or /health\n")
        }
        guard head.method == .GET || head.method == .HEAD else {
            return Answer(status: .methodNotAllowed, text: "\(path) answers GET\n")
        }
        guard path == "/health" else {
            return Answer(type: MetricsText.contentType, text: source.metrics())
        }
        let health = source.health()
        return Answer(
            status: health.state == .notServing ? .serviceUnavailable : .ok,
            text: "\(health.state.name): \(health.message)\n"
        )
    }

    private func write(
        _ answer: Answer,
        to request: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        let body = ByteBuffer(string: answer.text)
        var head = HTTPResponseHead(version: request.version, status: answer.status)
        head.headers = [
            "content-type": answer.type,
            "content-length": "\(body.readableBytes)",
            "cache-control": "no-store",
            "connection": "close",
        ]
        if answer.status == .methodNotAllowed {
            head.headers.add(name: "allow", value: "GET, HEAD")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}

extension HealthResponse.State {
    /// Its name in the messages' definition.
    fileprivate var name: String {
        switch self {
        case .serving: "SERVING"
        case .degraded: "DEGRADED"
        case .notServing: "NOT_SERVING"
        case .unspecified, .UNRECOGNIZED: "STATE_UNSPECIFIED"
        }
    }
}
