import EmbeddingStore
import Files
import Foundation
import Logging
import NIOCore
import NIOPosix
import Reactor
import Indexes
import Retrieval
import RetrievalClient
import ServiceLifecycle
import Synchronization
import Vectors
import Wire

@testable import RetrievalServer

/// Runs a server whose calls are answered by `answer`, lets `body` use it, and drains it.
func withServer(
    at path: String,
    on reactors: ReactorGroup = .shared,
    drainTime: Duration = .seconds(5),
    patience: Duration = .seconds(10),
    frameTime: Duration = .seconds(5),
    telemetry: Telemetry = Telemetry(),
    answer: @escaping Answer,
    _ body: (ServiceGroup) async throws -> Void
) async throws {
    var terms = ConnectionTerms()
    (terms.drainTime, terms.stallTime, terms.frameTime) = (drainTime, patience, frameTime)
    let server = RetrievalServer(
        socket: try ListeningSocket(path: path),
        reactors: reactors,
        terms: Replaceable(terms),
        logger: quiet,
        telemetry: telemetry,
        answer: answer
    )
    try await run([server], body)
}

/// Runs a server and a watcher over `workspace`, lets `body` use them, and drains them.
func withService(
    in workspace: URL,
    telemetry: Telemetry = Telemetry(),
    interval: Duration = .milliseconds(5),
    rebuildingBy program: String = "/nonexistent",
    _ body: (RetrievalClient, ServingState) async throws -> Void
) async throws {
    let path = workspace.appendingPathComponent("s").path
    let state = ServingState(workspace: workspace)
    let pool = NIOThreadPool.singleton
    let swap = GenerationSwap(
        workspace: workspace,
        state: state,
        check: GenerationCheck(program: nil, workspace: workspace),
        gate: RecallGate(allowedLoss: 0.02),
        pool: pool,
        logger: quiet,
        counts: telemetry.swaps
    )
    let keeper = GenerationKeeper(swap, interval: interval)
    let rebuild = Rebuild(
        program: program,
        workspace: workspace,
        logger: quiet,
        catchUp: keeper.catchUp
    )
    let service = RetrievalService(
        state: state,
        pool: WorkPool(pool),
        control: ControlService(keeper: keeper, rebuild: rebuild),
        telemetry: telemetry
    )
    let server = RetrievalServer(
        socket: try ListeningSocket(path: path),
        reactors: .shared,
        terms: Replaceable(ConnectionTerms()),
        logger: quiet,
        telemetry: telemetry
    ) { call, loop in service.answer(call, on: loop) }
    try await run([keeper, server]) { _ in
        // Long: what is tested is the answer, whatever else the machine is doing.
        let client = RetrievalClient(socket: path, timeout: .seconds(300))
        try await body(client, state)
        await client.close()
    }
}

extension ReactorGroup {
    /// For the servers of all tests.
    static let shared: ReactorGroup = {
        do {
            return try ReactorGroup(threads: 2, pollTime: .microseconds(50))
        } catch {
            preconditionFailure("\(error)")
        }
    }()
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func run(
    _ services: [any Service],
    _ body: (ServiceGroup) async throws -> Void
) async throws {
    let group = ServiceGroup(services: services, logger: quiet)
    async let end: Void = group.run()
    do {
        try await body(group)
    } catch {
        await group.triggerGracefulShutdown()
        throw error
    }
    await group.triggerGracefulShutdown()
    try await end
}

/// Sends `bytes`, stops sending, and gives the frames that come until the server closes.
func exchange(_ bytes: ByteBuffer, at path: String) async throws -> [Frame] {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(bytes)
        outbound.finish()
        var splitter = FrameSplitter()
        var frames: [Frame] = []
        for try await bytes in inbound {
            splitter.append(bytes)
            while case .frame(let frame)? = splitter.next() {
                frames.append(frame)
            }
        }
        return frames
    }
}

/// What `body` throws, or nil.
func failure(
    _ body: () async throws(RetrievalClientError) -> Void
) async -> RetrievalClientError? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}

/// Repeats `body` until it throws, for ten seconds at the most.
func firstFailure(
    _ body: () async throws(RetrievalClientError) -> Void
) async throws -> RetrievalClientError? {
    for _ in 0..<2_000 {
        if let error = await failure(body) { return error }
        try await Task.sleep(for: .milliseconds(5))
    }
    return nil
}

func request(_ streamID: UInt32, method: String = "Health", timeout: Int64 = 0) throws -> Frame {
    var request = TTRPCRequest()
    request.service = Method.Service.retrieval.rawValue
    request.method = method
    request.timeoutNano = timeout
    return try Frame.request(request, on: streamID)
}

func bytes(_ frames: Frame...) -> ByteBuffer {
    var bytes = ByteBuffer()
    for frame in frames {
        bytes.write(frame)
    }
    return bytes
}

/// A workspace of `count` items whose vectors lie on a circle, so that neighbours are known.
struct Circle {
    let workspace: URL
    let store: EmbeddingStore
    let count: Int

    /// The text of each item is followed by `padding` bytes more.
    init(in workspace: URL, count: Int = 60, padding: Int = 0) throws {
        self.workspace = workspace
        self.count = count
        store = try EmbeddingStore(
            at: workspace.appendingPathComponent("store"),
            access: .readWrite
        )
        let items = (0..<count).map { number in
            Item(
                id: Self.id(number),
                text: "item \(number)\nof a circle" + String(repeating: ".", count: padding),
                fields: ["section": ["test"], "tag": ["a", "b"]]
            )
        }
        try store.replaceCatalogue(items: items, contexts: ["all"], graph: Checksum(value: 0))
    }

    static func id(_ number: Int) -> String {
        "item-" + String(repeating: "0", count: 3 - String(number).count) + String(number)
    }

    var folder: GenerationFolder { GenerationFolder(workspace: workspace) }

    /// The vectors of the circle, turned by `turn` items.
    func vectors(turn: Int = 0) -> Matrix {
        var vectors = Matrix(rows: count, columns: 2)
        for row in 0..<count {
            let angle = 2 * Float.pi * Float((row + turn) % count) / Float(count)
            vectors[row, 0] = Foundation.cos(angle)
            vectors[row, 1] = Foundation.sin(angle)
        }
        return vectors
    }

    /// Builds a generation, and publishes it.
    @discardableResult
    func publish(
        turn: Int = 0,
        version: Int = 1,
        kind: IndexKind = .flat,
        storeIdentity: String? = nil
    ) throws -> Int {
        let number = try build(
            turn: turn,
            version: version,
            kind: kind,
            storeIdentity: storeIdentity
        )
        try folder.publish(number)
        return number
    }

    /// Builds a generation, and leaves it at that.
    @discardableResult
    func build(
        turn: Int = 0,
        version: Int = 1,
        kind: IndexKind = .flat,
        storeIdentity: String? = nil
    ) throws -> Int {
        var builder = GenerationBuilder(kind: kind, seed: 1, threads: 1)
        builder.queries = 20
        let manifest = try builder.build(
            ids: (0..<count).map(Self.id),
            vectors: vectors(turn: turn),
            metric: .l2,
            embeddingVersion: version,
            storeIdentity: storeIdentity ?? store.identity,
            into: folder,
            progress: { _ in }
        )
        return manifest.generation
    }
}

extension Caller {
    /// Somebody who may do everything.
    static let anybody = Caller(connection: 1, isAdministrator: true)
}

extension RetrievalClient {
    /// The one answer to a unary call in JSON.
    func call(_ path: String, json: String) async throws(RetrievalClientError) -> String {
        var answer = ""
        do {
            try await call(path, json: json) { answer = $0 }
        } catch let error as RetrievalClientError {
            throw error
        } catch {
            throw RetrievalClientError(.internal, "\(error)")
        }
        return answer
    }
}
