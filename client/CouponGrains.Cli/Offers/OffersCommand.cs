namespace CouponGrains.Cli.Offers;

/// <summary><c>coupons offers judge</c>.</summary>
internal static class OffersCommand
{
    public static Command Build() => Verb.Group("offers", "Offers: design, judge, review",
        JudgeCommand.Build());
}
