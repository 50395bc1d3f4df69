namespace CouponGrains.Storage.Import.Maps;

/// <summary>The <c>train.rating</c> of the neural collaborative filtering protocol: user, item, rating, separated by
/// tabs, without header and without times. A rating of any height is one purchase, as the protocol takes it; all lie at
/// one instant.</summary>
public static class NcfMovieLens
{
    /// <summary>Ratings as purchases.</summary>
    public static EventMap Events { get; } = new()
    {
        Name = "ncf",
        Format = new Csv('\t', Header: false),
        Fields = new Fields()
            .Column("user", "0").Column("item", "1").Fixed("kind", "Purchase").Fixed("at", "2000-12-31"),
        RefuseDuplicates = true,
    };
}
