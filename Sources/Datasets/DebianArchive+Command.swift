package import Foundation

extension DebianArchive {
    /// All that `apt-cache dumpavail` knows about the packages of this machine's archive.
    ///
    /// - Throws: ``DatasetError`` with code `missing` where there is no program at `command`, and
    ///   `inaccessible` or `empty` where it fails or says nothing.
    package static func availablePackages(
        from command: URL = URL(fileURLWithPath: "/usr/bin/apt-cache")
    ) throws(DatasetError) -> Data {
        let advice = "pass a file with the output of `apt-cache dumpavail` by --from"
        guard FileManager.default.isExecutableFile(atPath: command.path) else {
            throw DatasetError(.missing, "there is no \(command.path) on this machine; \(advice)")
        }
        let process = Process()
        process.executableURL = command
        process.arguments = ["dumpavail"]
        let output = Pipe()
        process.standardOutput = output
        let text: Data
        do {
            try process.run()
            text = try output.fileHandleForReading.readToEnd() ?? Data()
        } catch {
            throw DatasetError(.inaccessible, "cannot run \(command.path): \(error); \(advice)")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw DatasetError(
                .inaccessible,
                "\(command.path) dumpavail failed with status \(process.terminationStatus); "
                    + "run it by hand to see why, or \(advice)"
            )
        }
        guard !text.isEmpty else {
            throw DatasetError(
                .empty,
                "\(command.path) knows no packages; run `apt-get update`, or \(advice)"
            )
        }
        return text
    }
}
