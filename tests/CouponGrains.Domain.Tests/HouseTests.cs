namespace CouponGrains.Domain.Tests;

public sealed class HouseTests
{
}
