namespace CouponGrains.Domain.Ranking;

/// <summary>Which ranking options are accepted.</summary>
public static class RankingRules
{
    /// <summary>The most offers of a campaign that are rescored.</summary>
    public const int CandidatesMax = 10_000;

    /// <summary>The largest weight of the margin.</summary>
    public const double MarginWeightMax = 1_000;

    /// <summary>The largest worth or cost in minor units.</summary>
    public const long MinorMax = 1_000_000_000;

    /// <summary>The first option out of its range, with <see cref="RefusalCodes.InvalidValue"/> and a pointer into the
    /// campaign, or null.</summary>
    public static Refusal? Check(RankingOptions ranking)
    {
        if (!Enum.IsDefined(ranking.Affinity))
        {
            return Invalid($"There is no affinity {(int)ranking.Affinity}.", "affinity");
        }

        if (!Enum.IsDefined(ranking.Objective))
        {
            return Invalid($"There is no objective {(int)ranking.Objective}.", "objective");
        }

        if (ranking.Diversity is not (>= 0 and <= 1))
        {
            return Invalid($"The diversity is 0 to 1, but was {ranking.Diversity}.", "diversity");
        }

        if (ranking.Exploration is not (>= 0 and <= 0.5))
        {
            return Invalid($"The exploration is 0 to 0.5, but was {ranking.Exploration}.", "exploration");
        }

        return ranking.Candidates is >= 1 and <= CandidatesMax
            ? Check(ranking.Worth)
            : Invalid($"The candidates are 1 to {CandidatesMax}, but were {ranking.Candidates}.", "candidates");
    }

    private static Refusal? Check(ResponseWorth worth)
    {
        if (worth.MarginWeight is not (>= 0 and <= MarginWeightMax))
        {
            return Invalid(
                $"The weight of the margin is 0 to {MarginWeightMax}, but was {worth.MarginWeight}.",
                "worth/marginWeight");
        }

        (string Name, long Minor)[] amounts =
        [
            ("viewMinor", worth.ViewMinor), ("claimMinor", worth.ClaimMinor), ("redemptionMinor", worth.RedemptionMinor),
            ("satisfactionMinor", worth.SatisfactionMinor), ("issueCostMinor", worth.IssueCostMinor),
        ];
        var wrong = Array.Find(amounts, a => a.Minor is < 0 or > MinorMax);
        return wrong.Name is { } name
            ? Invalid($"An amount is 0 to {MinorMax} minor units, but was {wrong.Minor}.", $"worth/{name}")
            : null;
    }

    private static Refusal Invalid(string detail, string field) =>
        new(RefusalCodes.InvalidValue, detail, $"/ranking/{field}");
}
