namespace CouponGrains.Contracts.Profiles;

/// <summary>What was done to forget a user.</summary>
/// <param name="Events">Events of his behaviour that were erased.</param>
/// <param name="Coupons">Open coupons that were taken back.</param>
[GenerateSerializer, Immutable, Alias("cg.forgotten")]
public sealed record Forgotten([property: Id(0)] int Events, [property: Id(1)] int Coupons);
