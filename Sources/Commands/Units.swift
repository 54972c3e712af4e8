import Foundation

/// A number with a comma after each three digits.
func grouped(_ number: UInt64) -> String {
    var text = ""
    for (place, digit) in "\(number)".reversed().enumerated() {
        text = (place > 0 && place.isMultiple(of: 3) ? "\(digit)," : "\(digit)") + text
    }
    return text
}

/// A number of things, one of which is a `thing`.
func counted(_ number: UInt64, _ thing: String, _ things: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? thing : things ?? thing + "s")"
}

/// Microseconds, in the unit that keeps them short.
func time(_ microseconds: Double) -> String {
    switch microseconds {
    case ..<9.95: decimal(microseconds, 1) + " us"
    case ..<999.5: decimal(microseconds, 0) + " us"
    case ..<9_950: decimal(microseconds / 1e3, 1) + " ms"
    case ..<999_500: decimal(microseconds / 1e3, 0) + " ms"
    default: decimal(microseconds / 1e6, 1) + " s"
    }
}

/// Seconds, as people tell how long something has lasted.
func span(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)))
    let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86_400)
    return if minutes == 0 {
        "\(whole) s"
    } else if hours == 0 {
        "\(minutes) min \(whole % 60) s"
    } else if days == 0 {
        "\(hours) h \(minutes % 60) min"
    } else {
        "\(days) d \(hours % 24) h"
    }
}

/// Bytes, in the unit that keeps them short.
func size(_ bytes: UInt64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: decimal(Double(bytes) / 1e3, 0) + " kB"
    case ..<1_000_000_000: decimal(Double(bytes) / 1e6, 0) + " MB"
    default: decimal(Double(bytes) / 1e9, 2) + " GB"
    }
}
