import Foundation
import NIOCore

// Requests as they usually are, read in one pass: without the strings and the copies that
// swift-protobuf makes of what is only compared or taken apart. PlainMessageTests hold this against
// swift-protobuf.

extension Call {
    /// The call that a frame asks for in the usual way, and most likely of method `likely`; nil where
    /// it is to be decoded in full.
    init?(plain frame: Frame, likely: Method = .search) {
        let bytes = frame.body.readableBytesSpan
        var reader = PlainReader(bytes)
        var service: Method.Service?
        var method: Method?
        var payload = 0..<0
        var timeout: UInt64 = 0
        while !reader.isAtEnd {
            switch reader.byte() {
            case 0x0A:
                guard let range = reader.range(),
                    let known = Method.Service(bytes.extracting(range), likely: likely.service)
                else { return nil }
                service = known
            case 0x12:
                guard let range = reader.range(),
                    let known = Method(bytes.extracting(range), likely: likely)
                else { return nil }
                method = known
            case 0x1A:
                guard let range = reader.range() else { return nil }
                payload = range
            case 0x20:
                guard let nanoseconds = reader.varint() else { return nil }
                timeout = nanoseconds
            default:
                return nil
            }
        }
        guard let method, method.service == service else { return nil }
        self.init(
            streamID: frame.streamID,
            method: method,
            payload: [UInt8](bytes.extracting(payload)),
            timeout: timeout == 0 ? nil : .nanoseconds(Int64(timeout))
        )
    }
}

extension SearchRequest {
    /// The request that `bytes` are in the usual way; nil where they are to be decoded in full.
    init?(plain bytes: RawSpan) {
        self.init()
        var reader = PlainReader(bytes)
        while !reader.isAtEnd {
            switch reader.byte() {
            case 0x08:
                guard let value = reader.shortVarint() else { return nil }
                dim = value
            case 0x12:
                guard let range = reader.range() else { return nil }
                queriesF32Le = Data(bytes.extracting(range))
            case 0x18:
                guard let value = reader.shortVarint() else { return nil }
                k = value
            case 0x20:
                guard let value = reader.shortVarint() else { return nil }
                effort = value
            case 0x28:
                guard let value = reader.varint() else { return nil }
                minGeneration = value
            case 0x35:
                guard let value = reader.float() else { return nil }
                recall = value
            default:
                return nil
            }
        }
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    /// The case that is spelt with these bytes; `likely` is looked at first.
    fileprivate init?(_ name: RawSpan, likely: Self) {
        if name.holds(likely.rawValue) {
            self = likely
            return
        }
        for known in Self.allCases where name.holds(known.rawValue) {
            self = known
            return
        }
        return nil
    }
}

extension RawSpan {
    /// Whether these are the bytes of `text`.
    fileprivate func holds(_ text: String) -> Bool {
        guard byteCount == text.utf8.count else { return false }
        let text = text.utf8.span
        for index in text.indices
        where unsafe text[index] != unsafeLoad(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        return true
    }
}

extension RangeReplaceableCollection<UInt8> {
    fileprivate init(_ bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe Self($0) }
    }
}
