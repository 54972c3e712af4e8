import TestSupport

extension StreamSocket {
    /// A request for `corkboard.v1.Retrieval/Health`, letter by letter.
    private static func healthRequest(on streamID: UInt8) -> [UInt8] {
        let (service, method) = (Array("corkboard.v1.Retrieval".utf8), Array("Health".utf8))
        let body = [0x0A, UInt8(service.count)] + service + [0x12, UInt8(method.count)] + method
        return [0, 0, 0, UInt8(body.count), 0, 0, 0, streamID, 1, 0] + body
    }

    /// Whether a Health call is answered; false where the connection is closed instead.
    func isAnswered(on streamID: UInt8 = 1) -> Bool {
        guard (try? send(Self.healthRequest(on: streamID))) != nil,
            let answer = try? receive()
        else { return false }
        // The header of a response on the same stream.
        return answer.count > 10 && answer[7] == streamID && answer[8] == 2
    }
}
