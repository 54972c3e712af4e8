import Foundation
import Logging
import Wire

// What has to be there before the daemon begins.
extension Daemon {
    /// The socket that was passed, or one of its own.
    func listen() throws(RetrievalServerError) -> ListeningSocket {
        if let socket = try ListeningSocket.passed(by: environment) {
            logger.info(
                "serving the socket that was passed",
                metadata: ["socket": "\(socket.path)"]
            )
            return socket
        }
        return try ListeningSocket(path: configuration.socketPath, group: try configuration.group)
    }

    /// - Throws: ``RetrievalServerError`` where there is nothing to serve, or nobody to serve as.
    func checkStart() throws(RetrievalServerError) {
        var isFolder: ObjCBool = false
        let path = configuration.workspace
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw RetrievalServerError(
                .configuration,
                "there is no workspace \(path); make one with corkboard import -w \(path) ..., or, "
                    + "of vectors that you have, corkboard import-embeddings -w \(path) ..."
            )
        }
        guard geteuid() != nobody else {
            throw RetrievalServerError(
                .configuration,
                "corkboardd runs as user \(nobody), as which strangers appear; run it "
                    + "as a user of its own"
            )
        }
    }

    /// Says so where there may be fewer connections than were asked for.
    func warnOfFew(_ connections: Int, limit: Int) {
        guard connections < configuration.connections else { return }
        logger.warning(
            "fewer connections than asked for",
            metadata: [
                "connections": "\(connections)", "asked": "\(configuration.connections)",
                "open_files": "\(limit)", "next": "raise the limit of open files (ulimit -n)",
            ]
        )
    }
}
