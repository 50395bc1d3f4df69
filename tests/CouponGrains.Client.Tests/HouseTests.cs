namespace CouponGrains.Client.Tests;

public sealed class HouseTests
{
}
