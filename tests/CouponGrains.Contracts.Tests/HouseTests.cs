namespace CouponGrains.Contracts.Tests;

public sealed class HouseTests
{
}
