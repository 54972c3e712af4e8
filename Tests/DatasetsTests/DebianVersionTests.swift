import Testing

@testable import Datasets

@Suite struct DebianVersionTests {
    /// From the documentation and tests of dpkg: each version is older than the next.
    @Test(arguments: [
        ["0.9~rc1-1", "0.9-1", "1.0~~", "1.0~~a", "1.0~", "1.0", "1.0a", "1.0+b1", "1.0.1"],
        ["1.2.9", "1.2.10", "1.10"],
        ["9", "1:1", "1:1.1", "2:0~"],
        ["1.0-1", "1.0-1+b1", "1.0-1.1", "1.0-2", "1.0-10"],
        ["1.0", "1.0-0a", "1.0-1"],
        ["1-1", "1a", "1b", "1ba", "1+", "1-1-1", "1.5"],
        ["2.36-9", "2.36-9+deb12u9", "2.36-9+deb12u10"],
        ["1.99999999999999999999999", "1.100000000000000000000000"],
        ["", "0.1"],
    ])
    func `versions are in dpkg's order`(ascending: [String]) {
        for (position, text) in ascending.enumerated() {
            for (other, otherText) in ascending.enumerated() {
                let (a, b) = (DebianVersion(text), DebianVersion(otherText))
                #expect((a < b) == (position < other), "\(text) and \(otherText)")
                #expect((a == b) == (position == other), "\(text) and \(otherText)")
            }
        }
    }

    @Test(arguments: [("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.00", "1.0"), ("1.01", "1.1")])
    func `versions that differ in zeros only are equal`(a: String, b: String) {
        #expect(DebianVersion(a) == DebianVersion(b))
    }
}
