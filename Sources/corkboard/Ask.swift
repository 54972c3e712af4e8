import ArgumentParser
import Commands
import Datasets
import Foundation
import RetrievalClient
import Wire

struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the daemon what goes with items, or what is nearest to vectors."
    )

    @Option(name: .customLong("item"), parsing: .upToNextOption, help: "The items to ask for.")
    var items: [String] = []

    @Option(help: "Vectors to ask for, one a row (.npy).")
    var vector: String?

    @Option(name: .customShort("k"), help: "How many candidates to return.")
    var k = 10

    @OptionGroup(title: "How thoroughly")
    var effort: EffortOptions

    @OptionGroup(title: "Which items")
    var filter: FilterOptions

    @Option(help: "Ask this often, and tell the median round trip.")
    var times = 1

    @OptionGroup var options: SocketOptions

    func validate() throws {
        guard times > 0 else { throw ValidationError("--times must be 1 or more, not \(times)") }
        guard items.isEmpty != (vector == nil) else {
            throw ValidationError("give either --item ID... or --vector FILE")
        }
    }

    func run() async throws {
        var search = SearchOptions()
        effort.apply(to: &search)
        try filter.apply(to: &search)
        if let vector {
            let vectors = try NumPyArray(contentsOf: file(vector)).matrix()
            try await options.output.show(
                options.daemon.search(vectors: vectors, k: k, options: search, times: times)
            )
        } else {
            try await options.output.show(
                options.daemon.search(items: items, k: k, options: search, times: times)
            )
        }
    }
}

struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the daemon what it knows of items."
    )

    @Argument(help: "The items.")
    var items: [String]

    @Flag(help: "Print their embeddings too.")
    var vectors = false

    @OptionGroup var options: SocketOptions

    func run() async throws {
        try await options.output.show(
            options.daemon.get(items: items, includingVectors: vectors)
        )
    }
}

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make any call of the daemon in JSON.",
        discussion: #"""
            Example: corkboard call Retrieval/Related '{"item_ids": ["nginx"], "k": 3}'
            Fields have the names of retrieval.proto, and bytes are base64. The answer is a line \#
            of JSON, and of a stream (Control/Rebuild) a line for each message. The exit code is \#
            that of the status, in gRPC's numbers: 0 OK, 3 INVALID_ARGUMENT, 14 UNAVAILABLE ...
            """#
    )

    @Argument(help: "The method, as SERVICE/METHOD.")
    var method: String

    @Argument(help: "The request.")
    var request = "{}"

    @OptionGroup var options: SocketOptions

    func run() async throws {
        do {
            try await options.daemon.call(method, json: request) { line in
                try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
            }
        } catch let error as RetrievalClientError {
            try? FileHandle.standardError.write(contentsOf: Data("Error: \(error)\n".utf8))
            throw ExitCode(error.code.rawValue)
        }
    }
}
