import Configuration
import Testing

struct WrittenSettingsTests {
    @Test func `settings are written by name, groups last`() throws {
        let expected = """
            count: 3
            is_on: true
            learning_rate: 0.5
            name: "cork"
            names: []
            ratio: 0.1
            seed: 1
            walk:
              neighbour_count: 20
              restart: 0.5

            """
        #expect(try WrittenSettings(Sample()).yaml == expected)
    }

    @Test func `what was written is read as the same settings`() throws {
        var settings = Sample()
        settings.name = "\"é\": # no\nyes \\ 1.10"
        settings.names = ["1.10", "", "a: [b"]
        (settings.count, settings.isOn) = (-3, false)
        (settings.learningRate, settings.ratio) = (1e-9, 3.4e38)
        (settings.seed, settings.walk.restart) = (.max, -0.7)
        #expect(try overlay(Sample(), yaml: WrittenSettings(settings).yaml) == settings)
        settings.name = "true"
        settings.learningRate = 2
        #expect(try overlay(Sample(), yaml: WrittenSettings(settings).yaml) == settings)
    }

    @Test func `the setting of a group has the name that a word gives it`() throws {
        let values = try WrittenSettings(Sample()).values
        #expect(values["walk.neighbour_count"] == "20")
        #expect(values["is_on"] == "true")
        #expect(values.count == 9)
    }
}
