import Foundation
import NIOPosix
import Retrieval
import TestSupport
import Testing

@testable import RetrievalServer

struct RetiredGenerationTests {
    private func served(_ circle: Circle, in folder: URL) throws -> ServedGeneration {
        let generation = try circle.folder.open(circle.publish(), checking: true)
        return try ServedGeneration(generation, workspace: folder)
    }

    @Test func `it is freed when the last call, and the last comparison, have ended`() throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            var call = Optional(try served(circle, in: folder))
            weak let witness = call
            let tenure = try #require(call).tenure
            #expect(tenure.borrow())
            let retired = RetiredGeneration(try #require(call))
            #expect(tenure.isOver && !retired.letGo())
            call = nil
            #expect(!retired.letGo() && witness != nil)
            tenure.giveBack()
            #expect(retired.letGo() && witness == nil)
            #expect(retired.letGo())
        }
    }

    @Test func `a generation that was replaced is freed soon`() async throws {
        try await withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            let state = ServingState(workspace: folder)
            let swap = GenerationSwap(
                workspace: folder,
                state: state,
                check: GenerationCheck(program: nil, workspace: folder),
                gate: RecallGate(allowedLoss: 1),
                pool: .singleton,
                logger: quiet
            )
            _ = try await swap.run(circle.publish(), force: true)
            weak let witness = state.served
            #expect(witness != nil)
            _ = try await swap.run(circle.publish(), force: true)
            #expect(try await eventually { witness == nil })
        }
    }
}
