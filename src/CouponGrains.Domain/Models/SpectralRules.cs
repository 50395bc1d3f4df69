namespace CouponGrains.Domain.Models;

/// <summary>Which options of the spectral model are accepted.</summary>
public static class SpectralRules
{
    /// <summary>The largest rank.</summary>
    public const int RankMax = 512;

    /// <summary>The most neighbours of an item.</summary>
    public const int NeighboursMax = 2_000;

    /// <summary>Null if all is well, otherwise the first option out of its range, with
    /// <see cref="RefusalCodes.InvalidValue"/> and a pointer to it.</summary>
    public static Refusal? Check(SpectralOptions options) =>
        Range("userExponent", options.UserExponent, 0, 1)
        ?? Range("itemExponent", options.ItemExponent, 0, 1)
        ?? Range("rank", options.Rank, 1, RankMax)
        ?? (Enum.IsDefined(options.Filter) ? null : Refused("filter", $"is no filter: {options.Filter}"))
        ?? Range("filterShape", options.FilterShape, 0, 1e6)
        ?? Range("lowPassWeight", options.LowPassWeight, 0, 1e6)
        ?? Range("lift", options.Lift, -1, 1)
        ?? Range("neighbours", options.Neighbours, 0, NeighboursMax)
        ?? Range("neighbourPower", options.NeighbourPower, 0.01, 10)
        ?? Range("sharpening", options.Sharpening, 0, 100)
        ?? Range("repeatWeight", options.RepeatWeight, 0, 1e6)
        ?? (options is { LowPassWeight: 0, Neighbours: 0, RepeatWeight: 0 }
            ? Refused("lowPassWeight", "is 0, and so are neighbours and repeatWeight: nothing is left of the model")
            : null);

    private static Refusal? Range(string name, double value, double least, double most) =>
        value >= least && value <= most ? null : Refused(name, $"must be {least} to {most}, but was {value}");

    private static Refusal Refused(string name, string why) =>
        new(RefusalCodes.InvalidValue, $"{name} {why}.", $"/{name}");
}
