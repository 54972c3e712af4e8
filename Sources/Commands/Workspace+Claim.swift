import EmbeddingStore
import Files
import Foundation
import Graph
import Retrieval
import Training

extension Workspace {
    /// Claims the workspace for a command that changes it.
    func claim() throws -> FolderLock {
        try requireWorkspace()
        return try claimFolder()
    }

    /// Claims the folder of a workspace that need not be one yet.
    func claimFolder() throws -> FolderLock {
        let lock = try FolderLock(folder)
        sweep()
        return lock
    }

    /// Where this process may put what it throws away again, for a command of that name.
    ///
    /// Whoever makes it holds a `FolderLock` on it.
    func scratchFolder(_ command: String) -> URL {
        folder.appendingPathComponent(".\(command)-\(getpid())")
    }
}

// MARK: - What was left by commands that were killed

extension Workspace {
    /// What commands call the folders that they make for themselves in a workspace, before their
    /// process ids.
    private static let scratchNames = [".ablate-", ".recall-"]

    /// Removes it; what cannot be removed now stays for another time.
    private func sweep() {
        generations.sweep()
        for folder in [modelFolder.url, graphFile.deletingLastPathComponent()] {
            // Files that were to replace others: only who has the claim writes such, one at a time.
            remove(in: folder) { $0.hasPrefix(".") && $0.hasSuffix(".tmp") }
        }
        remove(in: folder, where: isAbandoned)
        try? settleGraph()
    }

    private func remove(in folder: URL, where isLeft: (_ name: String) -> Bool) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? [] where isLeft(name) {
            try? files.removeItem(at: folder.appendingPathComponent(name))
        }
    }

    /// Whether that is a folder of a process that is gone, by its id and by its lock: the id alone
    /// may be that of a process on another machine, and a folder that is just made has no lock yet.
    private func isAbandoned(_ name: String) -> Bool {
        guard let prefix = Self.scratchNames.first(where: { name.hasPrefix($0) }),
            let process = pid_t(name.dropFirst(prefix.count)), process > 0,
            kill(process, 0) != 0, errno == ESRCH
        else { return false }
        return (try? FolderLock(folder.appendingPathComponent(name))) != nil
    }

    /// Gives the graph of an import that was cut short its name where it counts, and removes it where
    /// it does not.
    private func settleGraph() throws {
        guard FileManager.default.fileExists(atPath: newGraphFile.path),
            FileManager.default.fileExists(atPath: storeFolder.path)
        else { return }
        let catalogue = try EmbeddingStore(at: storeFolder, access: .readOnly).catalogueSummary()
        // It has its name from when it was complete: where it cannot be read, that may pass.
        let graph = try Graph(contentsOf: newGraphFile)
        if graph.checksum == catalogue.graph {
            try moveDurably(newGraphFile, to: graphFile)
        } else {
            try FileManager.default.removeItem(at: newGraphFile)
        }
    }
}
