import Foundation
import TestSupport
import Testing

@testable import RetrievalServer

/// What is made of the end of the process that checks.
struct GenerationCheckTests {
    @Test(
        arguments: [
            ("exit 65", RetrievalServerError.Code.generation), ("exit 66", .missing),
            ("exit 71", .system), ("kill -BUS $$", .generation), ("kill -KILL $$", .system),
        ]
    )
    func `how a checker ends tells what is wrong`(
        end: String,
        code: RetrievalServerError.Code
    ) async throws {
        try await withTemporaryFolder { folder in
            let program = folder.appendingPathComponent("checker")
            try Data("#!/bin/sh\necho corkboardd: these words >&2\n\(end)\n".utf8).write(
                to: program
            )
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: program.path
            )
            let check = GenerationCheck(program: program.path, workspace: folder)
            let error = await #expect(throws: RetrievalServerError.self) { try await check.run(7) }
            #expect(error?.code == code)
            if end.hasPrefix("exit") {
                #expect(error?.description == "these words")
            }
        }
    }
}
