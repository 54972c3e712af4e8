import Foundation

/// `value` with `digits` digits after the point.
func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}

/// `text` at the right end of `width` columns.
func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
}

/// `text` without the characters that would steer a terminal; line ends stay.
package func printable(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar in
                scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                    ? "\u{FFFD}" : scalar
            }
        )
    )
}
