import Foundation
import Testing

@testable import RetrievalServer

struct SpareDescriptorTests {
    @Test(arguments: 0..<16)
    func `without descriptors no process is started, and none ends`(free: Int) async {
        await #expect(processExitsWith: .success) { [free] in
            for descriptor in try takenDescriptors().suffix(free) {
                close(descriptor)
            }
            let workspace = URL(fileURLWithPath: "/nowhere")
            let check = GenerationCheck(program: "/bin/true", workspace: workspace)
            let error = await #expect(throws: RetrievalServerError.self) { try await check.run(1) }
            try #require(error?.code == .exhausted)
        }
    }

    @Test func `it is given away, and taken back where that leaves another`() async {
        await #expect(processExitsWith: .success) {
            let spare = SpareDescriptor()
            var taken = try takenDescriptors()
            try #require(spare.lack() == nil)
            spare.giveAway(because: ENFILE)
            // There is one, which is not for us.
            try #require(spare.lack() == ENFILE)
            close(taken.removeLast())
            try #require(spare.lack() == nil)
            let last = dup(0)
            try #require(last >= 0)
            try #require(dup(0) < 0)
        }
    }
}

/// All that this process may open, which is few.
private func takenDescriptors() throws -> [Int32] {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit(rlim_cur: 64, rlim_max: 64)
    try #require(unsafe setrlimit(kind, &limit) == 0)
    return Array(sequence(state: ()) { _ in [dup(0)].first { $0 >= 0 } })
}
