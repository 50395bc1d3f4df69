namespace CouponGrains.Storage.Import.Maps;

/// <summary>LightGCN's format (<c>train.txt</c>): one user on each line, then his items, without times. Each pair is
/// one purchase; all lie at one instant.</summary>
public static class LightGcn
{
    /// <summary>Pairs as purchases.</summary>
    public static EventMap Events { get; } = new()
    {
        Name = "lightgcn",
        Format = new UserLines(),
        Fields = new Fields()
            .Column("user", "user").Column("item", "item").Fixed("kind", "Purchase").Fixed("at", "2000-12-31"),
        RefuseDuplicates = true,
    };
}
