import Foundation
import TestSupport

/// What the archive sample says about its packages, read line by line.
struct ArchiveSample {
    struct Package {
        var id = ""
        var section = ""
        var summary = ""
        var dependencies: [String] = []
    }

    let packages: [Package]

    init() throws {
        let text = try String(contentsOf: archiveSampleURL(), encoding: .utf8)
        packages = text.components(separatedBy: "\n\n").compactMap { stanza in
            var package = Package()
            for line in stanza.split(separator: "\n") where !line.hasPrefix(" ") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = parts[1].trimmingCharacters(in: .whitespaces)
                switch parts[0] {
                case "Package": package.id = value
                case "Section": package.section = value
                case "Depends":
                    package.dependencies = value.split { $0 == "," || $0 == "|" }
                        .compactMap { $0.split(separator: " ").first.map(String.init) }
                case "Description", "Description-en": package.summary = value
                default: break
                }
            }
            return package.id.isEmpty ? nil : package
        }
    }

    /// The section of every package, by its id.
    var sections: [String: String] {
        Dictionary(packages.map { ($0.id, $0.section) }, uniquingKeysWith: { first, _ in first })
    }

    /// The short description of every package, by its id.
    var summaries: [String: String] {
        Dictionary(packages.map { ($0.id, $0.summary) }, uniquingKeysWith: { first, _ in first })
    }

    /// Each package with each of the packages that it depends on.
    var dependencyPairs: [(package: String, dependency: String)] {
        let known = Set(packages.map(\.id))
        return packages.flatMap { package in
            package.dependencies.filter { known.contains($0) && $0 != package.id }
                .map { (package.id, $0) }
        }
    }
}
