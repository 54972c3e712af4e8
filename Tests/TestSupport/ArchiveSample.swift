package import Foundation

/// Where the archive sample lies: some 300 packages in the form of `apt-cache dumpavail`.
///
/// There are twelve topics of 25 packages, which depend on packages of their own topic and on a
/// few libraries that everybody needs. Names are Debian's, and so is the form; the dependencies
/// and descriptions are made up, so that what belongs together is known.
package func archiveSampleURL() -> URL {
    URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .appendingPathComponent("Resources/archive-sample.txt")
}
