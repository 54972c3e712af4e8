import Foundation
import Logging
import Testing

@testable import RetrievalServer

struct DescriptorLimitTests {
    @Test(arguments: [(10_240, 20_000, 10_240), (10_240, 1_000, 964), (4, 42, 4), (100, 44, 8)])
    func `there are as many connections as asked for, or as fit`(
        asked: Int,
        limit: Int,
        connections: Int
    ) throws {
        func fit(limit: Int, tellsMetrics: Bool) throws -> Int {
            try DescriptorLimit.connections(
                asked: asked,
                limit: limit,
                threads: 2,
                tellsMetrics: tellsMetrics
            )
        }
        #expect(try fit(limit: limit, tellsMetrics: false) == connections)
        // 16 connections, and what listens.
        #expect(try fit(limit: limit + 22, tellsMetrics: true) == connections)
    }

    @Test(arguments: [(100, 43), (4, 39), (1, 0)])
    func `a limit for less than a few is refused with the next step`(asked: Int, limit: Int) {
        let error = #expect(throws: RetrievalServerError.self) {
            _ = try DescriptorLimit.connections(
                asked: asked,
                limit: limit,
                threads: 2,
                tellsMetrics: false
            )
        }
        #expect(error?.exitCode == 71)
        #expect(error?.description.contains("\(limit) files may be open at a time") == true)
        #expect(error?.description.contains("ulimit -n") == true)
    }

    @Test func `the limit is raised as far as the system lets it`() async {
        await #expect(processExitsWith: .success) {
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            var limit = rlimit()
            try #require(unsafe getrlimit(kind, &limit) == 0)
            let most = limit.rlim_max
            limit.rlim_cur = 64
            try #require(unsafe setrlimit(kind, &limit) == 0)
            try #require(try DescriptorLimit.raise() == Int(clamping: most))
            try #require(unsafe getrlimit(kind, &limit) == 0 && limit.rlim_cur == most)
        }
    }

    @Test func `a level reaches loggers that were copied before`() {
        let lines = Lines()
        let level = LogLevel(.info)
        let logger = Logger(label: "a") { _ in level.governing(lines.logger.handler) }
        var copy = logger
        copy[metadataKey: "key"] = "value"
        copy.debug("not yet")
        level.value = .debug
        copy.debug("now")
        #expect(lines.all.count == 1 && lines.all.first?.contains("now") == true)
    }
}
