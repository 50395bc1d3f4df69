namespace CouponGrains.Training.Offers.Judgement;

/// <summary>The gates that a generator's figures must pass before its designs are used.</summary>
internal sealed class JudgementGates(JudgementOptions options, DesignFigures real, double realNearest)
{
    /// <summary>All but <see cref="Baselines"/>.</summary>
    public IReadOnlyList<JudgementGate> Of(DesignFigures f)
    {
        var variety = new (string Name, double Value, double Real)[]
        {
            ("different", f.Unique, real.Unique), ("kinds", f.KindEntropy, real.KindEntropy),
            ("categories", f.CategoryEntropy, real.CategoryEntropy), ("lists", f.ListDiversity, real.ListDiversity),
        };
        var poor = variety.Where(v => !double.IsNaN(v.Real) && !(v.Value >= options.VarietyMin * v.Real)).ToList();
        return
        [
            new("legal", f.Validity >= options.ValidityMin, $"{f.Validity:P1}, at least {options.ValidityMin:P0}"),
            new("alike", f.Auc.Value <= options.AucMax, $"AUC {f.Auc.Value:F3}, at most {options.AucMax:F2}"),
            new("covers", f.Coverage >= options.CoverageMin, $"coverage {f.Coverage:F3}, at least {options.CoverageMin:F2}"),
            new("varied", poor.Count == 0, poor.Count == 0
                ? $"each at least {options.VarietyMin:P0} of the real designs'"
                : string.Join(", ", poor.Select(v => $"{v.Name} {v.Value:F2} where the real designs have {v.Real:F2}"))),
            new("no_copies", f.Nearest >= realNearest,
                $"percentile 5 of the nearest distances {f.Nearest:F3}, real among themselves {realNearest:F3}"),
            new("responds", f.Response >= options.ResponseMin * real.Response,
                $"{f.Response:F3}, at least {options.ResponseMin:P0} of {real.Response:F3}"),
        ];
    }

    /// <summary>Closed where the lead of a baseline on the task is above zero in its whole interval: a smaller lead is
    /// no more than the luck of the held-out designs.</summary>
    public static JudgementGate Baselines(DesignFigures f, IReadOnlyList<(DesignFigures Baseline, Interval Lead)> baselines)
    {
        var better = baselines.Where(b => b.Lead.Low > 0).Select(b => b.Baseline.Name).ToList();
        var gaps = string.Join(", ", baselines.Select(b => $"{b.Baseline.Name} {b.Baseline.Gap.Value:F3}"));
        return new("baselines", better.Count == 0,
            $"gap {f.Gap.Value:F3}; {gaps}{(better.Count == 0 ? "" : $"; beaten by {string.Join(" and ", better)}")}");
    }
}
