import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing
import Wire

@testable import RetrievalClient

/// What a client hears that is not let in, or not answered.
struct RefusalTests {
    /// Accepts at `path`, and closes at once, as the daemon does to those whom it does not want.
    private func turningAway(at path: String, _ body: () async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in channel.close() }
            .bind(unixDomainSocketPath: path)
            .get()
        do {
            try await body()
        } catch {
            try? await listener.close()
            throw error
        }
        try await listener.close()
    }

    @Test func `who is turned away hears why that may be, and never of a descriptor`() async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            try await turningAway(at: path) {
                // How far the client comes before it is closed is chance.
                for _ in 0..<50 {
                    let client = RetrievalClient(socket: path)
                    let error = await #expect(throws: RetrievalClientError.self) {
                        try await client.health()
                    }
                    #expect(error?.code == .unavailable)
                    let message = error?.message ?? ""
                    #expect(message.contains("(allow_users, allow_groups)"), "\(message)")
                    #expect(
                        message.contains("user \(geteuid())") && !message.contains("descriptor")
                    )
                    await client.close()
                }
            }
        }
    }

    @Test func `a server that has spoken is not said to refuse`() async throws {
        let script: FakeServer.Script = { request, id in
            request.method == "Health" ? [empty(id)] : nil
        }
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            try await FakeServer(script).listen(at: path) { _ in
                let client = RetrievalClient(socket: path)
                _ = try await client.health()
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.info()
                }
                #expect(error?.message.contains("before it answered; call again") == true)
                await client.close()
            }
        }
    }

    @Test(arguments: [(0o660, true), (0o600, false)])
    func `the group and the mode of a closed socket are named`(mode: Int, isForGroup: Bool) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let socket = try StreamSocket(at: path)
            defer { withExtendedLifetime(socket) {} }
            let files = FileManager.default
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let group = try files.attributesOfItem(atPath: path)[.groupOwnerAccountName]
            let name = try #require(group as? String)
            let advice = SocketAccess.advice(for: path)
            #expect(
                advice.contains("has the group \(name) and the mode 0\(String(mode, radix: 8))")
            )
            #expect(advice.contains("usermod -a -G \(name) USER") == isForGroup)
            let error = RetrievalClientError.unreachable(
                path,
                IOError(errnoCode: EACCES, reason: "connect")
            )
            #expect(
                error.message.contains("Permission denied; ") && error.message.hasSuffix(advice)
            )
        }
    }

    @Test func `a connection that did not come about in time is not said to be closed`() {
        let error = RetrievalClientError.unreachable(
            "/run/s",
            ChannelError.connectTimeout(.milliseconds(1_500))
        )
        #expect(error.code == .unavailable)
        #expect(error.message.hasPrefix("no connection to /run/s came about within 1.5 s: "))
        #expect(error.message.contains("; call again") && !error.message.contains("closed"))
    }

    @Test func `a time that was too short is told as it was given`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            try await FakeServer { _, _ in [] }.listen(at: path) { _ in
                let client = RetrievalClient(socket: path)
                var options = SearchOptions()
                options.timeout = .microseconds(1)
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.related(itemIDs: ["a"], k: 1, options: options)
                }
                #expect(error?.code == .deadlineExceeded)
                #expect(error?.message.contains("did not answer within 1 us;") == true)
                await client.close()
            }
        }
    }

    @Test(arguments: [
        (Duration.nanoseconds(500), "0.5 us"), (.microseconds(1), "1 us"),
        (.milliseconds(2), "2 ms"),
        (.microseconds(2500), "2.5 ms"), (.seconds(30), "30 s"), (.milliseconds(-1), "-1 ms"),
    ])
    func `a duration is told in the unit that keeps it short`(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test(arguments: [
        (#"{"itmes": 1}"#, "there is no field itmes; its fields are effort, filter, item_ids, k,"),
        ("[", "its fields are effort, filter, item_ids, k,"),
        (#"{"k": -1}"#, "; its fields are effort, filter, item_ids, k,"),
    ])
    func `JSON that is no request is answered with the fields of one`(json: String, part: String) {
        let error = #expect(throws: RetrievalClientError.self) { try RelatedRequest(json: json) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        (
            #"{"filter": {"alow": {}}}"#,
            "there is no field alow in a corkboard.v1.Filter; its fields"
                + " are allow, deny"
        ),
        (
            #"{"k": 3, "filter": {"deny": {"itemIds": ["a"], "k": 2}}}"#,
            "there is no field k in a corkboard.v1.Filter.ItemSet; its fields are item_ids"
        ),
        (#"{"filter": {"allow": {"\u0069ds": []}}}"#, "its fields are item_ids"),
        (
            #"{"filter": {"deny": {}}, "itmes": 1}"#,
            "there is no field itmes; its fields are effort,"
        ),
    ])
    func `an unknown field of an inner message is answered with the fields of that`(
        json: String,
        part: String
    ) {
        let error = #expect(throws: RetrievalClientError.self) { try RelatedRequest(json: json) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func `a request without fields says so`() throws {
        #expect(try InfoRequest(json: "") == InfoRequest())
        let error = #expect(throws: RetrievalClientError.self) {
            try InfoRequest(json: "{\"k\": 1}")
        }
        #expect(error?.message.hasSuffix("there is no field k; it has no fields: give {}") == true)
    }
}
