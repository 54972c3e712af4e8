import Files
package import Foundation
import Indexes
import Vectors

extension GenerationManifest {
    /// Reads the manifest of the generation in `folder`, and checks its format, its seal, and that
    /// its numbers are possible.
    package init(inFolder folder: URL) throws(RetrievalError) {
        let url = folder.appendingPathComponent(Self.fileName)
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            let isMissing = !FileManager.default.fileExists(atPath: url.path)
            throw RetrievalError(
                isMissing ? .missing : .failed,
                "cannot read \(url.path): \(error.reason)"
            )
        }
        let damaged = RetrievalError(
            .damaged,
            "\(url.path) is damaged; build a new generation, or go back to an older one"
        )
        guard let form = try? JSONDecoder().decode(Form.self, from: data) else { throw damaged }
        guard form.format == Self.currentFormat else {
            throw RetrievalError(
                .mismatched,
                "\(url.path) has format \(form.format), this program reads "
                    + "\(Self.currentFormat); build the index again"
            )
        }
        guard let manifest = try? JSONDecoder().decode(Self.self, from: data),
            manifest == manifest.sealed(), manifest.isPossible
        else { throw damaged }
        self = manifest
    }

    /// This manifest with the seal that fits it.
    ///
    /// The seal finds a flipped bit anywhere in the values. It does not find a forger; nor does it
    /// mind how the JSON is laid out.
    package func sealed() -> GenerationManifest {
        var copy = self
        copy.seal = ""
        copy.seal = String(Checksum(of: copy.encoded.bytes).value, radix: 16)
        return copy
    }

    /// The bytes of the file: JSON with sorted keys.
    var encoded: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a manifest of numbers and strings can be written as JSON")
        }
        return data
    }

    private var isPossible: Bool {
        let (elements, tooMany) = count.multipliedReportingOverflow(by: dimension)
        let (bytes, tooLarge) = elements.multipliedReportingOverflow(by: precision.size)
        return generation >= 1 && count >= 1 && dimension >= 1 && !tooMany && !tooLarge
            && defaults.allSatisfy { $0.setting.kind == kind && $0.setting.isPossible }
            && zip(defaults, deeper).allSatisfy { $0.measured.k < $1.measured.k }
            && files[form.vectorsFile]?.bytes == bytes
            && (form.files + [Generation.idsFile]).allSatisfy { files[$0] != nil }
    }

    /// The one value that every version of the manifest must have.
    private struct Form: Codable {
        var format: Int
    }
}
