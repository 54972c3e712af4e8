/// The version of Corkboard: of its programs, and of the server that `Info` tells of.
package enum CorkboardVersion {
    package static let text = "0.1.0"
}
