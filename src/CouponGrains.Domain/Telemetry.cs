namespace CouponGrains.Domain;

/// <summary>What every part of the engine calls itself to those who watch it.</summary>
public static class Telemetry
{
    /// <summary>The name of our source of spans and of our meter. Names of instruments begin with it in lower case and
    /// follow the OpenTelemetry conventions; their labels carry neither user ids nor coupon codes.</summary>
    public const string Name = "CouponGrains";
}
