import EmbeddingStore
import Foundation
import Graph
import TestSupport
import Testing

@testable import Datasets

private func archive(_ text: String) throws -> DebianArchive {
    try DebianArchive(text: Data(text.utf8))
}

extension DebianArchive {
    /// The members of each context, by name.
    fileprivate var contexts: [String: [String]] {
        var contexts: [String: [String]] = [:]
        for edge in edges.edges {
            let name = edges.contexts[Int(edge.context)]
            contexts[name, default: []].append(edges.items[Int(edge.item)])
        }
        return contexts
    }
}

@Suite struct DebianArchiveTests {
    @Test func `a package becomes an item with text, section and tags`() throws {
        let archive = try archive(
            """
            Package: gimp
            Version: 2.10
            Description: paints and retouches
             The first line.
             .
               A second paragraph.
            Description-md5: 00
            Tag: works-with::{image, image:raster}, role::program,
             use::editing
            Section: graphics

            """
        )
        let tags = [
            "works-with::image", "works-with::image:raster", "role::program", "use::editing",
        ]
        #expect(
            archive.items == [
                Item(
                    id: "gimp",
                    text: "paints and retouches\nThe first line.\n\nA second paragraph.",
                    fields: ["section": ["graphics"], "tag": tags]
                )
            ]
        )
    }

    @Test func `a context holds the package and all that it names`() throws {
        let archive = try archive(
            """
            Package: a
            Depends: b (>= 1:2~), c:any | d [amd64] <!nocheck>,
             e
            Recommends: f
            Suggests: a, b, g
            Enhances: h

            Package: b

            Package: c

            Package: d

            Package: e

            Package: f

            Package: g

            Package: h

            """
        )
        #expect(archive.contexts == ["a": ["a", "b", "c", "d", "e", "f", "g"]])
        #expect(archive.edges.edges.allSatisfy { $0.weight == 1 && $0.time == nil })
        #expect(archive.edges.items == archive.items.map(\.id))
    }

    @Test func `a virtual name counts where one package alone provides it`() throws {
        let archive = try archive(
            """
            Package: reader
            Depends: lone-service, mail-server, nowhere

            Package: postfix
            Provides: mail-server (= 3)

            Package: exim
            Provides: mail-server

            Package: service
            Provides: lone-service, exim

            """
        )
        #expect(archive.contexts == ["reader": ["reader", "service"]])
    }

    @Test(arguments: ["1.9", "1.10~rc1"]) func `the newest version of a package counts`(
        older: String
    ) throws {
        let stanzas = [
            "Package: a\nVersion: \(older)\nDescription: old\n",
            "Package: a\nVersion: 1.10\nDescription: new\n",
        ]
        for order in [stanzas, stanzas.reversed()] {
            #expect(
                try archive(order.joined(separator: "\n")).items == [Item(id: "a", text: "new")]
            )
        }
    }

    @Test func `items are in the order of their names`() throws {
        let archive = try archive("Package: b\n\n\n\nPackage: a+\r\n\r\nPackage: a")
        #expect(archive.items.map(\.id) == ["a", "a+", "b"])
    }

    @Test(arguments: [
        ("Package: a\nnonsense\n", "line 2: this is no field; it says: nonsense"),
        ("Package: a\n: b\n", "line 2: this is no field"),
        (" lost\n", "line 1: this is no field"),
        ("Package: a\n\nVersion: 1\n", "line 3: the stanza that begins here names no package"),
    ])
    func `a line that is no control data is named`(text: String, reason: String) {
        let error = datasetError { _ = try archive(text) }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
    }

    @Test(arguments: ["", "\n\n"]) func `an archive without packages says what to do`(
        text: String
    ) {
        let error = datasetError { _ = try archive(text) }
        #expect(error?.code == .empty)
        #expect(error?.description.contains("apt-get update") == true)
    }

    // MARK: - The sample

    @Test func `the sample is an archive of twelve topics`() throws {
        let archive = try DebianArchive(contentsOf: archiveSampleURL())
        #expect(archive.items.count == 308)
        #expect(archive.items.allSatisfy { !$0.text.isEmpty && $0.fields["section"] != nil })
        let gimp = archive.contexts["gimp"] ?? []
        #expect(gimp.contains("gimp-data"))
        // mail-transport-agent has two providers in the sample, font-cache one.
        #expect(archive.contexts["lyx"]?.contains("fontconfig") == true)
        #expect(archive.contexts["mutt"]?.contains("mail-transport-agent") == false)
    }

    // MARK: - The command

    @Test func `the text comes from the command`() throws {
        try withCommand("echo Package: $1") { command in
            let text = try DebianArchive.availablePackages(from: command)
            #expect(String(decoding: text, as: UTF8.self) == "Package: dumpavail\n")
        }
    }

    @Test(arguments: [
        ("exit 3", DatasetError.Code.inaccessible, "failed with status 3"),
        ("exit 0", .empty, "run `apt-get update`"),
    ])
    func `a command that fails or says nothing tells the next step`(
        script: String,
        code: DatasetError.Code,
        text: String
    ) throws {
        try withCommand(script) { command in
            let error = datasetError { _ = try DebianArchive.availablePackages(from: command) }
            #expect(error?.code == code)
            #expect(error?.description.contains(text) == true)
            #expect(error?.description.contains("--from") == true)
        }
    }

    @Test func `a command that is missing is named`() {
        let command = URL(fileURLWithPath: "/nowhere/apt-cache")
        let error = datasetError { _ = try DebianArchive.availablePackages(from: command) }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("/nowhere/apt-cache") == true)
    }

    private func withCommand(_ script: String, _ body: (URL) throws -> Void) throws {
        try withFile("apt-cache", "#!/bin/sh\n\(script)\n") { url in
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: url.path
            )
            try body(url)
        }
    }
}
