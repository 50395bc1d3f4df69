namespace CouponGrains.Training.Tests;

public sealed class HouseTests
{
}
