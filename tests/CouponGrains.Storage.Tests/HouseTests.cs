namespace CouponGrains.Storage.Tests;

public sealed class HouseTests
{
}
