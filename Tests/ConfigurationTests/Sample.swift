import Configuration
import Foundation
import TestSupport

/// Settings of every kind.
struct Sample: Codable, Equatable {
    struct Walk: Codable, Equatable {
        var neighbourCount = 20
        var restart: Float = 0.5
    }

    var name = "cork"
    var count = 3
    var learningRate = 0.5
    var ratio: Float = 0.1
    var isOn = true
    var seed: UInt64 = 1
    var names: [String] = []
    var walk = Walk()
}

/// The overlay of `defaults` by a file that holds `yaml`, and by `words`.
func overlay(_ defaults: Sample, yaml: String, words: [String] = []) throws -> Sample {
    try withTemporaryFolder { folder in
        let file = folder.appendingPathComponent("settings.yaml")
        try Data(yaml.utf8).write(to: file)
        return try overlay(defaults, file: file, words: words)
    }
}
