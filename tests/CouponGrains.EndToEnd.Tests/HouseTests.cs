namespace CouponGrains.EndToEnd.Tests;

public sealed class HouseTests
{
}
