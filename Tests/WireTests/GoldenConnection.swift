import Foundation
import NIOCore

@testable import Wire

/// One connection as `Golden/README.md` writes it down: takes the lines that come from outside, and
/// gives the lines of what the server does.
struct GoldenConnection {
    private var splitter = FrameSplitter()
    private var machine = ConnectionStateMachine()
    private var calls: [UInt32: Call] = [:]
    private var isDrained = false
    private(set) var log: [String] = []

    /// Takes a line that begins with `>` or `=`; false where it means nothing.
    mutating func take(_ line: String, bytesAtOnce: Int) -> Bool {
        defer {
            if machine.isDrained, !isDrained {
                isDrained = true
                log.append("! take no more")
            }
        }
        let rest = line.dropFirst(2)
        if line.hasPrefix(">") {
            guard let bytes = goldenBytes(rest) else { return false }
            receive(bytes, atOnce: bytesAtOnce)
            return true
        }
        switch rest {
        case "half-close": perform(machine.inputClosed())
        case "gone": perform(machine.closed())
        case "drain": machine.drain()
        default: return work(rest.split(separator: " ", maxSplits: 2).map(String.init))
        }
        return true
    }

    private mutating func receive(_ bytes: [UInt8], atOnce count: Int) {
        // Four million single bytes would prove no more than some thousand.
        let count = bytes.count > 5_000 ? max(count, 65_521) : count
        for start in stride(from: 0, to: bytes.count, by: count) {
            let end = min(start + min(count, bytes.count), bytes.count)
            splitter.append(ByteBuffer(bytes: bytes[start..<end]))
            while let piece = splitter.next() {
                perform(machine.received(piece))
            }
        }
        if splitter.hasBytesLeft {
            log.append("! inside")
        }
    }

    /// What becomes of a call, as `[ID, VERB, REST]`.
    private mutating func work(_ words: [String]) -> Bool {
        guard words.count >= 2, let id = UInt32(words[0]) else { return false }
        let rest = words.count == 3 ? words[2] : ""
        switch words[1] {
        case "answer":
            guard let bytes = goldenBytes(rest) else { return false }
            finish(id, .response(.success(bytes), on: id))
        case "fail":
            guard let error = error(rest) else { return false }
            finish(id, .response(.failure(error), on: id))
        case "decode":
            guard let call = calls[id] else { return false }
            finish(id, .response(decoded(call), on: id))
        case "message":
            guard let bytes = goldenBytes(rest) else { return false }
            send(bytes, on: id)
        case "end":
            finish(id, .end(of: id))
        case "stop":
            guard let error = error(rest) else { return false }
            perform(machine.end(id, with: error))
        default:
            return false
        }
        return true
    }

    private func error(_ text: String) -> CallError? {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, let code = Int32(words[0]).flatMap(StatusCode.init) else {
            return nil
        }
        return CallError(code, words[1])
    }

    private func decoded(_ call: Call) -> CallResult {
        do throws(CallError) {
            switch call.method {
            case .search: _ = try call.searchRequest()
            case .related: _ = try call.message(RelatedRequest.self)
            default: _ = try call.message(HealthRequest.self)
            }
            return .success([])
        } catch {
            return .failure(error)
        }
    }

    private mutating func send(_ message: [UInt8], on id: UInt32) {
        guard machine.mayStream(on: id) else {
            log.append("! discard \(id)")
            return
        }
        do throws(CallError) {
            write(try .message(message, on: id))
        } catch {
            finish(id, .response(.failure(error), on: id))
        }
    }

    private mutating func finish(_ id: UInt32, _ last: Frame) {
        let action = machine.answered(id)
        guard action != .discard else {
            log.append("! discard \(id)")
            return
        }
        calls[id] = nil
        write(last)
        if action == .sendAndClose {
            log.append("! close")
        }
    }

    private mutating func perform(_ action: ConnectionStateMachine.Action) {
        switch action {
        case .nothing:
            break
        case .start(let call):
            calls[call.streamID] = call
            let timeout = call.timeout.map { " \($0.nanosecondsExactly)" } ?? ""
            log.append("! start \(call.streamID) \(call.method.rawValue)\(timeout)")
        case .respond(let id, let error):
            write(.response(.failure(error), on: id))
        case .cancelAndRespond(let id, let error):
            cancel(id)
            write(.response(.failure(error), on: id))
        case .respondAndClose(let id, let error):
            cancel(id)
            write(.response(.failure(error), on: id))
            log.append("! close")
        case .cancel(let ids):
            ids.forEach { cancel($0) }
        case .close:
            log.append("! close")
        }
    }

    private mutating func cancel(_ id: UInt32) {
        if calls.removeValue(forKey: id) != nil {
            log.append("! cancel \(id)")
        }
    }

    private mutating func write(_ frame: Frame) {
        var bytes = ByteBuffer()
        bytes.write(frame)
        log.append("< \(hex(bytes.readableBytesView))")
    }
}

extension Duration {
    /// Its nanoseconds; a Double would round the longest.
    fileprivate var nanosecondsExactly: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
