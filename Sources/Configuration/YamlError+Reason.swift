import Yams

extension YamlError {
    /// What is wrong, and where, in one line; Yams draws the place over several.
    var reason: String {
        switch self {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let what = context.map { "\($0.text), " } ?? ""
            return "line \(mark.line), column \(mark.column): \(what)\(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.joined(separator: ", ")
            return "line \(context.mark.line): \(names) is there twice; leave one of them"
        case .reader(let problem, _, _, _):
            return problem
        default:
            return "\(self)"
        }
    }
}
