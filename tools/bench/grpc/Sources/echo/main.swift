// grpc-swift-2 with nothing to do: a server that answers every message by as many bytes as it is
// told to, and a client with one call in flight that prints the median round trip.
//
//     echo serve SOCKET ANSWER_BYTES
//     echo time SOCKET REQUEST_BYTES COUNT

import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2

let method = MethodDescriptor(fullyQualifiedService: "echo.Echo", method: "Call")

struct Bytes: MessageSerializer, MessageDeserializer {
    func serialize<Output: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Output {
        Output(message)
    }

    func deserialize<Input: GRPCContiguousBytes>(_ bytes: Input) throws -> [UInt8] {
        bytes.withUnsafeBytes { Array($0) }
    }
}

struct Echo: RegistrableRPCService {
    let answer: [UInt8]

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: method,
            deserializer: Bytes(),
            serializer: Bytes()
        ) { request, _ in
            for try await _ in request.messages {}
            return StreamingServerResponse(single: ServerResponse(message: answer))
        }
    }
}

func serve(_ socket: String, answer: Int) async throws {
    let server = GRPCServer(
        transport: .http2NIOPosix(
            address: .unixDomainSocket(path: socket),
            transportSecurity: .plaintext
        ),
        services: [Echo(answer: [UInt8](repeating: 7, count: answer))]
    )
    try await server.serve()
}

func time(_ socket: String, request: Int, count: Int) async throws {
    try await withGRPCClient(
        transport: .http2NIOPosix(
            target: .unixDomainSocket(path: socket),
            transportSecurity: .plaintext
        )
    ) { client in
        let message = [UInt8](repeating: 5, count: request)
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            let length = try await client.unary(
                request: ClientRequest(message: message),
                descriptor: method,
                serializer: Bytes(),
                deserializer: Bytes(),
                options: .defaults
            ) { try $0.message.count }
            precondition(length > 0)
            times.append((ContinuousClock.now - start) / .microseconds(1))
        }
        times.sort()
        print("{\"p50_us\": \(times[count / 2]), \"p99_us\": \(times[count * 99 / 100])}")
    }
}

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "serve": try await serve(arguments[2], answer: Int(arguments[3])!)
case "time": try await time(arguments[2], request: Int(arguments[3])!, count: Int(arguments[4])!)
default: fatalError("use: echo serve SOCKET BYTES | echo time SOCKET BYTES COUNT")
}
