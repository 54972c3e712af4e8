package import Indexes

extension GenerationManifest {
    /// The defaults of all measured k, ascending.
    package var defaults: [Default] { [Default(setting: setting, measured: measured)] + deeper }

    /// The setting of a search for `k` candidates that names none.
    ///
    /// It is the one that reached the target recall for the least measured k that is not below
    /// `k`; beyond the last, the greatest effort, which is exact.
    package func setting(forK k: Int) -> SearchSetting {
        measurement(forK: k)?.setting ?? greatestSetting
    }

    /// The least effort that reached `recall` when `k` candidates were asked for; the greatest,
    /// which is exact, where none did.
    package func setting(forK k: Int, recall: Double) -> SearchSetting {
        measurement(forK: k)?.measured.curve.first { $0.recall >= recall }?.setting
            ?? greatestSetting
    }

    /// The setting of a given effort: lists probed, tokens looked up, candidates reranked or gone
    /// on from.
    ///
    /// What else there is to a setting is that of the first measured one with no less effort.
    package func setting(forK k: Int, effort: Int) -> SearchSetting {
        let curve = measurement(forK: k)?.measured.curve ?? []
        let like = curve.first { $0.setting.effort >= effort } ?? curve.last
        return (like?.setting ?? greatestSetting).withEffort(effort)
    }

    /// What `setting` reached when `k` candidates were asked for, where that was measured.
    package func recall(of setting: SearchSetting, k: Int) -> Double? {
        measurement(forK: k)?.measured.curve.first { $0.setting == setting }?.recall
    }

    /// The settings worth a measurement, from the least effort to the greatest.
    func sweep(k: Int) -> [SearchSetting] {
        let measured = measurement(forK: k)?.measured.curve.map(\.setting) ?? []
        return measured.contains(greatestSetting) ? measured : measured + [greatestSetting]
    }

    /// Without making a list of them: this is asked for by every search.
    private func measurement(forK k: Int) -> Default? {
        k <= measured.k
            ? Default(setting: setting, measured: measured)
            : deeper.first { k <= $0.measured.k }
    }

    /// The effort that leaves nothing out.
    var greatestSetting: SearchSetting {
        switch kind {
        case .flat: .exhaustive
        case .ivf: .probes(build.lists ?? 1, rerank: count)
        case .lsh: .tokens((build.tables ?? 1) << (build.tokenBits ?? 0), rerank: count)
        case .lshscan: .rerank(count)
        case .hnsw: .breadth(count)
        }
    }
}
