import Foundation
import Testing

/// The files for systemd.
struct UnitFileTests {
    private static let analyze = "/usr/bin/systemd-analyze"
    private static let isThere = FileManager.default.isExecutableFile(atPath: analyze)

    private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("config")

    private func unit(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test(.enabled(if: isThere, "systemd-analyze is not here; install the package systemd"))
    func `the service is exposed by 2,0 of 10 at the most`() async throws {
        let program = Program(executable: URL(fileURLWithPath: Self.analyze))
        let outcome = try await program.run([
            "security", "--offline=true", "--no-pager", "--threshold=20",
            folder.appendingPathComponent("corkboardd.service").path,
        ])
        #expect(outcome.exitCode == 0, "\(outcome)")
    }

    @Test(.enabled(if: isThere, "systemd-analyze is not here; install the package systemd"))
    func `systemd understands both units`() async throws {
        let program = Program(executable: URL(fileURLWithPath: Self.analyze))
        let outcome = try await program.run(
            ["verify", "--man=no"]
                + ["corkboardd.service", "corkboardd.socket"].map {
                    folder.appendingPathComponent($0).path
                }
        )
        // The program need not be installed where the tests run.
        let lines = (outcome.output + outcome.errorOutput).split(separator: "\n")
            .filter { $0.contains("corkboardd") && !$0.contains("is not executable") }
        #expect(lines.isEmpty, "\(outcome)")
    }

    @Test func `threads may give way, and the socket may be given away`() throws {
        let filters = try unit("corkboardd.service").split(separator: "\n")
            .filter { $0.hasPrefix("SystemCallFilter=") }
        // What is allowed is allowed after the groups that hold it are denied: the last word counts.
        let denial = try #require(filters.lastIndex { $0.hasPrefix("SystemCallFilter=~") })
        let allowed = filters[(denial + 1)...].flatMap {
            $0.dropFirst("SystemCallFilter=".count).split(separator: " ")
        }
        #expect(Set(allowed) == ["setpriority", "sched_setscheduler", "@chown"])
    }

    @Test func `clients keep their user, and the socket is for its group`() throws {
        let service = try unit("corkboardd.service").split(separator: "\n")
        #expect(!service.contains { $0.hasPrefix("PrivateUsers") })
        #expect(service.contains("RestrictAddressFamilies=AF_UNIX"))
        #expect(service.contains("RuntimeDirectoryMode=0750"))
        #expect(try unit("corkboardd.socket").contains("\nSocketMode=0660\n"))
    }
}
