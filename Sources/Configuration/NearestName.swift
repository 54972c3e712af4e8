/// The one of `names` that `name` was probably meant to be; nil where none is like it.
///
/// So many letters may differ as two in five of the longer name have: enough for `timeout` in the
/// place of `run_timeout`, and too few for one word in the place of another.
func nearestName(to name: String, among names: some Sequence<String>) -> String? {
    names.map { (distance: distance($0, name), name: $0) }
        .filter { 5 * $0.distance <= 2 * max($0.name.count, name.count) }
        .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
        .name
}

/// The number of letters to insert, remove or replace (Levenshtein 1966).
private func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let substituted = diagonal + (letter == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
