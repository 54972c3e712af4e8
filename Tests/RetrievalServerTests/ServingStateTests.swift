import Foundation
import SwiftProtobuf
import Testing
import Wire

@testable import RetrievalServer

struct ServingStateTests {
    private func health(of state: ServingState) throws -> HealthResponse {
        try HealthResponse(serializedBytes: state.encodedHealth)
    }

    @Test func `health is told as it is, however often it was told before`() throws {
        let state = ServingState(workspace: URL(fileURLWithPath: "/nowhere"), isStarting: true)
        #expect(try health(of: state).message.contains("has just begun"))
        state.endStart()
        let nothing = try health(of: state)
        #expect(nothing.state == .notServing && nothing.message.contains("run: corkboard index"))
        state.report(trouble: "it is torn")
        #expect(try health(of: state).message == "no generation can be served: it is torn")
        #expect(try health(of: state) == state.health)
    }
}
