import Foundation
import Indexes
import Wire

extension RebuildRequest {
    /// What `corkboard` is called with.
    ///
    /// - Throws: ``CallError`` of code `invalidArgument`.
    func arguments(workspace: URL) throws(CallError) -> [String] {
        // Only a name that is known: an option in its place would be an option to the command.
        guard let kind = IndexKind(rawValue: indexKind.isEmpty ? "ivf" : indexKind) else {
            let kinds = IndexKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw CallError(
                .invalidArgument,
                "index_kind is \(indexKind.prefix(40)), but must be one of \(kinds)"
            )
        }
        var arguments = [
            "index", "--workspace", workspace.path, "--json", "--kind", kind.rawValue,
        ]
        if targetRecall != 0 {
            guard targetRecall > 0, targetRecall <= 1 else {
                throw CallError(
                    .invalidArgument,
                    "target_recall is \(targetRecall), which is not above 0 and at most 1"
                )
            }
            arguments += ["--target-recall", "\(targetRecall)"]
        }
        return arguments + (noPublish ? ["--no-publish"] : [])
    }
}
