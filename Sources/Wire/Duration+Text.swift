extension Duration {
    /// In the unit that keeps it short, as people write it: `30 s`, `2.5 ms`, `1 us`.
    package var text: String {
        let microseconds = self / .microseconds(1)
        return switch abs(microseconds) {
        case ..<1e3: "\(microseconds.short) us"
        case ..<1e6: "\((microseconds / 1e3).short) ms"
        default: "\((microseconds / 1e6).short) s"
        }
    }
}

extension Double {
    /// To three digits after the point, without zeros at the end.
    fileprivate var short: String {
        let rounded = (self * 1e3).rounded() / 1e3
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
