import Foundation
import Retrieval
import Testing

/// What is known of earlier publications, and what is done where `CURRENT` does not tell the last.
struct PublicationRecordTests {
    private func damage(_ folder: GenerationFolder, _ text: String = "?") throws {
        try text.write(to: folder.currentFile, atomically: true, encoding: .utf8)
    }

    private func record(of folder: GenerationFolder) -> URL {
        folder.currentFile.deletingLastPathComponent().appendingPathComponent("PUBLISHED")
    }

    @Test
    func `the way back passes what was never published`() async throws {
        try await withGenerations(3) { folder in
            try folder.publish(1)
            try folder.publish(3)
            #expect(try folder.published() == [1, 3])
            #expect(try folder.rollback() == 1)
            let error = #expect(throws: RetrievalError.self) { try folder.rollback() }
            #expect(error?.code == .missing)
            #expect(error?.description.contains("corkboard publish N") == true)
        }
    }

    @Test(arguments: ["", "?", "gen-000003"])
    func `a damaged CURRENT hides neither the last one nor the way back`(
        text: String
    ) async throws {
        try await withGenerations(3) { folder in
            try folder.publish(1)
            try folder.publish(2)
            try damage(folder, text)
            #expect(try folder.lastPublished() == 2)
            #expect(try folder.substitutes() == [2, 1])
            let error = #expect(throws: RetrievalError.self) { try folder.current() }
            #expect(error?.description.contains("corkboard publish 2") == true)
            #expect(try folder.rollback() == 1)
            #expect(try folder.current() == 1)
        }
    }

    @Test
    func `what was rolled back from takes nobody's place`() async throws {
        try await withGenerations(3) { folder in
            for number in 1...3 {
                try folder.publish(number)
            }
            #expect(try folder.rollback() == 2)
            #expect(try folder.substitutes() == [1])
            try damage(folder)
            #expect(try folder.substitutes() == [2, 1])
        }
    }

    @Test
    func `a CURRENT that names what is not there is told, with the way out`() async throws {
        try await withGenerations(2) { folder in
            try folder.publish(1)
            #expect(folder.trouble(try folder.list()) == nil)
            try damage(folder, "gen-000009\n")
            let trouble = try #require(folder.trouble(try folder.list()))
            #expect(trouble.contains("generation 9, which is not there"))
            #expect(trouble.contains("corkboard publish 1"))
            #expect(try folder.rollback() == 1)
        }
    }

    @Test
    func `in a workspace older than the record all below CURRENT count`() async throws {
        try await withGenerations(4) { folder in
            try damage(folder, "gen-000003\n")
            #expect(try folder.published() == [1, 2, 3])
            #expect(try folder.rollback() == 2)
            #expect(try folder.published() == [1, 2, 3])
            try damage(folder)
            #expect(try folder.lastPublished() == 2)
            // A program that knows no record publishes 4, and then one that does goes back.
            try damage(folder, "gen-000004\n")
            #expect(try folder.rollback() == 3)
            #expect(try folder.published() == [1, 2, 3, 4])
        }
    }

    @Test
    func `where nothing tells what was published, a number is asked for`() async throws {
        try await withGenerations(2) { folder in
            try damage(folder)
            #expect(try folder.substitutes() == [])
            let error = #expect(throws: RetrievalError.self) { try folder.rollback() }
            #expect(error?.code == .missing)
            #expect(error?.description.contains("corkboard publish N") == true)
        }
    }

    @Test
    func `a line that was torn by a crash spoils no other`() async throws {
        try await withGenerations(3) { folder in
            try folder.publish(1)
            let torn = try Data(contentsOf: record(of: folder)) + Data("gen-0000".utf8)
            try torn.write(to: record(of: folder))
            try folder.publish(3)
            #expect(try folder.published() == [1, 3])
        }
    }

    @Test
    func `no number is given twice, though its generation is gone`() async throws {
        try await withGenerations(2) { folder in
            try folder.publish(2)
            try FileManager.default.removeItem(at: folder.folder(of: 2))
            try damage(folder)
            #expect(try folder.nextNumber() == 3)
            #expect(try folder.published() == [])
        }
    }

    @Test
    func `where the record cannot be written, CURRENT stays as it was`() async throws {
        try await withGenerations(2) { folder in
            try FileManager.default.createDirectory(
                at: record(of: folder),
                withIntermediateDirectories: true
            )
            #expect(throws: RetrievalError.self) { try folder.publish(1) }
            #expect(try folder.current() == nil)
        }
    }
}
