import Foundation
import TestSupport
import Testing

/// A command that must be refused.
struct BadInput: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The text of the file that the command is given as `FILE`; nil leaves it missing.
    var file: String?
    var program = "corkboard"
    /// The words of the command; `FILE` and `WORKSPACE` stand for paths.
    let command: String
    /// What its error output must name.
    let names: [String]

    static let table = [
        BadInput(
            testDescription: "an edge line with a weight that is no number",
            file: "c1\ti1\nc1\ti2\theavy\n",
            command: "import --edges FILE -w WORKSPACE",
            names: ["line 2", "heavy"]
        ),
        BadInput(
            testDescription: "an edge line with one field",
            file: "c1\ti1\nc1\ti2\nlonely\n",
            command: "import --edges FILE -w WORKSPACE",
            names: ["line 3", "lonely"]
        ),
        BadInput(
            testDescription: "an edge line with an empty name",
            file: "c1\ti1\n\ti2\n",
            command: "import --edges FILE -w WORKSPACE",
            names: ["line 2"]
        ),
        BadInput(
            testDescription: "an edge file without a byte",
            file: "",
            command: "import --edges FILE -w WORKSPACE",
            names: ["FILE"]
        ),
        BadInput(
            testDescription: "an edge file that is missing",
            command: "import --edges FILE -w WORKSPACE",
            names: ["FILE"]
        ),
        BadInput(
            testDescription: "an item line that is not JSON",
            file: "{\"id\": \"a\"}\n{\"id\": \n",
            command: "import --edges EDGES --items FILE -w WORKSPACE",
            names: ["line 2"]
        ),
        BadInput(
            testDescription: "an archive without a package",
            file: "\n",
            command: "import debian --from FILE -w WORKSPACE",
            names: ["FILE"]
        ),
        BadInput(
            testDescription: "a workspace that is missing",
            command: "train -w FILE",
            names: ["FILE"]
        ),
        BadInput(
            testDescription: "an index of a kind that does not exist",
            command: "index --kind tree -w WORKSPACE",
            names: ["tree", "ivf"]
        ),
        BadInput(
            testDescription: "a setting that does not exist",
            command: "train --set epoks=3 -w WORKSPACE",
            names: ["epoks", "epochs"]
        ),
        BadInput(
            testDescription: "a configuration that is missing",
            command: "train --config FILE -w WORKSPACE",
            names: ["FILE"]
        ),
        BadInput(
            testDescription: "a pair of an unknown item",
            file: "no-such-package\tneither-this\n",
            command: "evaluate --pairs FILE -w WORKSPACE",
            names: ["no-such-package"]
        ),
        BadInput(
            testDescription: "an ablation on pairs of unknown items",
            file: "no-such-package\tneither-this\n",
            command: "ablate --pairs FILE -w WORKSPACE",
            names: ["no-such-package", "FILE"]
        ),
        BadInput(
            testDescription: "an ablation from no seed",
            command: "ablate --pairs FILE --seeds 0 -w WORKSPACE",
            names: ["--seeds", "0"]
        ),
        BadInput(
            testDescription: "an ablation of a sweep that does not exist",
            command: "ablate --pairs FILE --sweep table9 -w WORKSPACE",
            names: ["table9", "neighbours"]
        ),
        BadInput(
            testDescription: "an ablation around settings out of range",
            file: "libc6\tlibc6\n",
            command: "ablate --pairs FILE --set negatives=0 -w WORKSPACE",
            names: ["negatives", "0"]
        ),
        BadInput(
            testDescription: "an ablation whose chart cannot be written",
            file: "libc6\tlibc6\n",
            command: "ablate --pairs FILE --svg nowhere/chart.svg -w WORKSPACE",
            names: ["nowhere", "chart.svg"]
        ),
        BadInput(
            testDescription: "a generation that does not exist",
            command: "publish 99 -w WORKSPACE",
            names: ["99"]
        ),
        BadInput(
            testDescription: "a search where no daemon serves",
            command: "search --item a --socket FILE",
            names: ["FILE", "corkboardd"]
        ),
        BadInput(
            testDescription: "a socket path that is too long",
            program: "corkboardd",
            command: "-w WORKSPACE --socket /tmp/\(String(repeating: "x", count: 120))",
            names: ["107", "xxxxxxxx"]
        ),
        BadInput(
            testDescription: "a daemon's configuration that is missing",
            program: "corkboardd",
            command: "-w WORKSPACE --config FILE",
            names: ["FILE"]
        ),
    ]
}

struct BadInputTests {
    @Test(arguments: BadInput.table)
    func `is refused with a clear error, and nothing is lost`(input: BadInput) async throws {
        try await TrainedWorkspace.copy { workspace in
            let folder = workspace.deletingLastPathComponent()
            let paths = [
                "FILE": folder.appendingPathComponent("given").path,
                "EDGES": folder.appendingPathComponent("edges.tsv").path,
                "WORKSPACE": workspace.path,
            ]
            try input.file?.write(
                toFile: paths["FILE", default: ""],
                atomically: true,
                encoding: .utf8
            )
            try "c\ta\nc\tb\n".write(
                toFile: paths["EDGES", default: ""],
                atomically: true,
                encoding: .utf8
            )
            let before = try Snapshot(of: workspace)

            let program = input.program == "corkboardd" ? Program.corkboardd : .corkboard
            let outcome = try await program.run(
                input.command.split(separator: " ").map { paths[String($0)] ?? String($0) }
            )

            // From 128 on it would be a crash.
            #expect((1..<128).contains(outcome.exitCode), "\(outcome)")
            for name in input.names {
                #expect(outcome.errorOutput.contains(paths[name] ?? name), "\(outcome)")
            }
            #expect(try Snapshot(of: workspace).changes(since: before) == [])
        }
    }

    @Test func `a command that does not exist is refused with the usage`() async throws {
        let outcome = try await Program.corkboard.run(["frobnicate"])
        #expect((1..<128).contains(outcome.exitCode))
        #expect(outcome.errorOutput.contains("corkboard"))
    }
}
