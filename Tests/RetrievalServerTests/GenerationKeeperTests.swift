import Foundation
import Retrieval
import RetrievalClient
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalServer

struct GenerationKeeperTests {
    @Test func `without a generation a search says what to do, until one is there`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try await withService(in: folder) { client, _ in
                #expect(try await client.health().state == .notServing)
                #expect(try await client.info().hasGeneration == false)
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.related(itemIDs: ["item-000"], k: 1)
                }
                #expect(error?.code == .failedPrecondition)
                #expect(error?.message.contains("corkboard index -w \(folder.path)") == true)
                try circle.publish()
                try #require(try await eventually { try await client.health().state == .serving })
            }
        }
    }

    /// Each generation turns the circle by one, so an answer shows which one it came from.
    @Test func `generations swap under load: no call fails, each answer is of one`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish(turn: 0)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                let query = Matrix(rows: 1, columns: 2, elements: [1, 0])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            var last = 0
                            while last < 6 {
                                let answer = try await client.search(vectors: query, k: 1)
                                // Generation g is turned by g - 1: the item at angle 0 tells.
                                let number = (60 - (answer.generation - 1)) % 60
                                #expect(answer.candidates[0][0].itemID == Circle.id(number))
                                #expect(answer.embeddingVersion == answer.generation)
                                #expect(answer.generation >= last)
                                last = answer.generation
                            }
                        }
                    }
                    for turn in 1..<6 {
                        let number = try circle.publish(turn: turn, version: turn + 1)
                        let isServed = try await eventually {
                            state.served?.generation.number == number
                        }
                        #expect(isServed)
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `a rollback is served like any other generation`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try circle.publish()
            try await withService(in: folder) { _, state in
                try #require(try await eventually { state.served?.generation.number == 2 })
                #expect(try circle.folder.rollback() == 1)
                try #require(try await eventually { state.served?.generation.number == 1 })
            }
        }
    }

    @Test func `a generation of another store is refused, and the old one stays`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                try circle.publish(storeIdentity: "other")
                try #require(try await eventually { state.trouble != nil })
                let health = try await client.health()
                #expect(health.state == .degraded)
                #expect(health.message.hasPrefix("still serving generation 1: "))
                #expect(health.message.contains("built from the store other"))
                let answer = try await client.related(itemIDs: ["item-000"], k: 1)
                #expect(answer.generation == 1)
                try circle.publish()
                try #require(try await eventually { try await client.health().state == .serving })
            }
        }
    }

    @Test func `a damaged generation at the start falls back to an older one`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let newest = try circle.publish()
            let vectors = circle.folder.folder(of: newest).appendingPathComponent("vectors.f32")
            var bytes = try Data(contentsOf: vectors)
            bytes[5] ^= 1
            try bytes.write(to: vectors)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served?.generation.number == 1 })
                #expect(try await client.health().state == .degraded)
            }
        }
    }

    @Test func `a generation that cannot be read at the moment is tried again`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            let number = try circle.publish()
            let here = circle.folder.folder(of: number)
            let away = folder.appendingPathComponent("x")
            try FileManager.default.moveItem(at: here, to: away)
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.trouble != nil })
                #expect(try await client.health().state == .notServing)
                try FileManager.default.moveItem(at: away, to: here)
                try #require(try await eventually { try await client.health().state == .serving })
            }
        }
    }

    @Test func `the way back leads past generations of another store`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try circle.publish(storeIdentity: "other")
            try circle.publish(storeIdentity: "other")
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served?.generation.number == 1 })
                let health = try await client.health()
                #expect(health.state == .degraded)
                #expect(health.message.contains("generation 3 was built from the store other"))
            }
        }
    }

    @Test func `pauses between tries double, up to a minute`() {
        var plan = RetryPlan(firstPause: .seconds(20))
        let start = ContinuousClock.now
        #expect(!plan.isDue(at: start))
        for pause in [20, 40, 60, 60] {
            plan.failed(at: start)
            #expect(!plan.isDue(at: start + .seconds(pause - 1)))
            #expect(plan.isDue(at: start + .seconds(pause)))
        }
        plan.forget()
        #expect(!plan.isDue(at: start + .seconds(1000)))
        plan.failed(at: start)
        #expect(plan.isDue(at: start + .seconds(20)))
    }

    @Test func `a caller may ask for a generation that is not there yet`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            try await withService(in: folder) { client, state in
                try #require(try await eventually { state.served != nil })
                var options = SearchOptions()
                options.minimumGeneration = 1
                _ = try await client.related(itemIDs: ["item-000"], k: 1, options: options)
                options.minimumGeneration = 2
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.related(itemIDs: ["item-000"], k: 1, options: options)
                }
                #expect(error?.code == .failedPrecondition)
            }
        }
    }
}
