import Testing
import Wire

@testable import RetrievalServer

struct MetricsTextTests {
    @Test func `a metric has its help, its type and its samples`() {
        var text = MetricsText()
        text.add("a", .gauge, "Says \"a\\b\"\nand more.", 1.5)
        let labels = [("x", "1\"2\\3\n4"), ("y", "")]
        text.add("b_total", .counter, "B.", [.init(labels: labels, value: 3e15)])
        text.add("c", .gauge, "Nothing.", [])
        text.add("d", .gauge, "D.", .infinity)
        #expect(
            text.text == #"""
                # HELP a Says "a\\b"\nand more.
                # TYPE a gauge
                a 1.5
                # HELP b_total B.
                # TYPE b_total counter
                b_total{x="1\"2\\3\n4",y=""} 3000000000000000
                # HELP d D.
                # TYPE d gauge
                d +Inf

                """#
        )
    }

    @Test func `what is written is read back`() throws {
        var text = MetricsText()
        let labels = [("x", "1\"2\\3\n4")]
        text.add("b_total", .counter, "B.", [.init(labels: labels, value: 0.25)])
        let metric = try #require(try ParsedMetrics(text.text).metrics["b_total"])
        #expect(
            metric.samples == [.init(name: "b_total", labels: ["x": "1\"2\\3\n4"], value: 0.25)]
        )
    }

    @Test(arguments: [
        "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a A.\n# TYPE a gauge\na 1",
        "# HELP a A.\n# TYPE a gauge\na{x=1} 1\n", "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na x\n", "# HELP a A.\n# TYPE a gauge\na 1\na 2\n",
        "# HELP a A.\n# TYPE a gauge\nb 1\n", "# HELP 1 A.\n# TYPE 1 gauge\n1 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n# TYPE a gauge\n",
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n"
            + "h_sum 1\nh_count 1\n",
        "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
    ])
    func `the parser of these tests refuses what Prometheus would, or warn of`(text: String) {
        #expect(throws: ParsedMetrics.Fault.self) { try ParsedMetrics(text) }
    }
}
