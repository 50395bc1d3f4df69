namespace CouponGrains.Grains.Tests;

public sealed class HouseTests
{
}
